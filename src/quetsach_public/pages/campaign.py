"""What the pages say of the campaign, and which address they are known by."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Campaign:
    """Names for the pages.

    Shapes: `address` is the public page's own, as https://host without a slash at its end;
    `domains` are the official hosts, `documents` the page on which a document's code is typed;
    `amnesty` is the notice that promises that who tells is not held to account, "" for none.
    """

    title: str
    office: str
    phone: str = ""
    address: str = ""
    domains: tuple[str, ...] = ()
    documents: str = ""
    amnesty: str = ""


def read_campaign(path: Path) -> Campaign:
    """Return what `write_campaign` wrote. Raises OSError, ValueError."""
    found = json.loads(path.read_text(encoding="utf-8"))
    try:
        return Campaign(**{**found, "domains": tuple(found.get("domains", ()))})
    except (AttributeError, TypeError) as error:
        raise ValueError(f"it says nothing of a campaign: {error}") from error


def write_campaign(path: Path, campaign: Campaign) -> None:
    """Write `campaign` for `read_campaign`."""
    path.write_text(json.dumps(asdict(campaign), ensure_ascii=False), encoding="utf-8")
