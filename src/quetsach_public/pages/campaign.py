"""What the pages say of the campaign, and which address they are known by."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from quetsach.instructions.steps import join_words, words_of


@dataclass(frozen=True)
class PageCampaign:
    """Names for the pages.

    Shapes: `address` is the public page's own, as https://host without a slash at its end;
    `domains` are the official hosts, `documents` the page on which a document's code is typed;
    `amnesty` is the notice that promises that who tells is not held to account, "" for none;
    `carriers` are (name, address of the page that answers slips) of carriers.
    """

    title: str
    office: str
    phone: str = ""
    address: str = ""
    domains: tuple[str, ...] = ()
    documents: str = ""
    amnesty: str = ""
    carriers: tuple[tuple[str, str], ...] = ()


def official_site(campaign: PageCampaign) -> str:
    """Return the host of the office's own site: the first official one that is not this page's."""
    here = campaign.address.partition("://")[2].partition(":")[0]
    return next((host for host in campaign.domains if host != here), "")


def read_campaign(path: Path) -> PageCampaign:
    """Return what `write_campaign` wrote. Raises OSError, ValueError."""
    content = json.loads(path.read_text(encoding="utf-8"))
    try:
        carriers = tuple((str(name), str(at)) for name, at in content.get("carriers", ()))
        tuples = {"domains": tuple(content.get("domains", ())), "carriers": carriers}
        return PageCampaign(**{**content, **tuples})
    except (AttributeError, TypeError) as error:
        raise ValueError(f"it says nothing of a campaign: {error}") from error


def write_campaign(path: Path, campaign: PageCampaign) -> None:
    """Write `campaign` for `read_campaign`."""
    path.write_text(json.dumps(asdict(campaign), ensure_ascii=False), encoding="utf-8")


# Whether who tells of cracked software is held to account: only an office's notice promises it.


def called(campaign: PageCampaign) -> str:
    """Return the name of the words in their tables."""
    return "amnesty" if campaign.amnesty else "telling"


def sentence(words: Mapping[str, str], campaign: PageCampaign, key: str = "") -> str:
    """Return what may be said: a promise with its notice, else why telling helps.

    Shapes: `words` has both sentences; `key` is the suffix of their names, such as `_text`.
    """
    # Not format: what the office typed is shown and never read as a place.
    return words[f"{called(campaign)}{key}"].replace("{notice}", campaign.amnesty)


LANGUAGES = ("vi", "en", "km")
"""The first has no prefix in its addresses, the others have /en and /km."""


@cache
def texts(language: str) -> dict[str, Any]:
    """Return the texts of `language` as nested tables. Raises KeyError for one we do not have."""
    if language not in LANGUAGES:
        raise KeyError(language)
    file = files("quetsach_public.pages.texts").joinpath(f"{language}.toml")
    text = file.read_text(encoding="utf-8")
    words = tomllib.loads(join_words(text) if language == "km" else text)
    words["steps"] |= words_of(language)["home"]
    return words


def prefix(language: str) -> str:
    """Return what the addresses of `language` begin with."""
    return "" if language == LANGUAGES[0] else f"/{language}"
