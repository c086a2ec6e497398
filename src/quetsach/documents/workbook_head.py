"""What a workbook says of itself on its hidden page: whose it is, for what, and a seal over that.

The seal keeps a slip from going unseen (a page copied between workbooks); it is a code that only
whoever made the workbook can make, and no signature of anybody.
"""

import hashlib
import hmac
from dataclasses import asdict, dataclass

from quetsach.errors import QuetsachError
from quetsach.forms.canonical import NotCanonicalError, Taken, canonical, decoded
from quetsach.texts import _

FORMAT = "quetsach-workbook/1"
SHEET = "kiem-tra"
"""The hidden page; no other page of a workbook may be hidden."""

MOST_BYTES = 8 * 1024


@dataclass(frozen=True)
class WorkbookHead:
    """Which form, by its digest, which slot of which campaign, whose, and which state of it.

    Shapes: `slot` is the caller's number of the slot; `state` names the state of the draft when
    the workbook was made: what one that is older than the draft changes is looked at the closer.
    """

    form: str
    form_digest: str
    campaign: str
    slot: str
    unit: str
    state: str


def head_lines(head: WorkbookHead, key: bytes) -> tuple[str, str]:
    """Return the two cells of the hidden page: the head as JSON, and its seal by `key`."""
    said = canonical({"format": FORMAT, **asdict(head)})
    return said.decode(), _seal(said, key)


def read_head(lines: tuple[str, str], key: bytes, where: str) -> WorkbookHead:
    """Return what the hidden page says. Errors: E475 when it is none, or was changed."""
    said = lines[0].encode("utf-8", "replace")
    if not hmac.compare_digest(_seal(said, key).encode(), lines[1].encode("utf-8", "replace")):
        raise _changed(where)
    try:
        taken = Taken(decoded(said, MOST_BYTES), "head")
        if taken.text("format") != FORMAT:
            raise NotCanonicalError("format")
        return WorkbookHead(
            taken.text("form"),
            taken.text("form_digest"),
            taken.text("campaign"),
            taken.text("slot"),
            taken.text("unit"),
            taken.text("state"),
        )
    except NotCanonicalError as error:
        raise _changed(where) from error


def _changed(where: str) -> QuetsachError:
    return QuetsachError(
        "E475", where, reason=_("the hidden page that says whose it is was changed")
    )


def _seal(said: bytes, key: bytes) -> str:
    return hmac.new(key, said, hashlib.sha256).hexdigest()
