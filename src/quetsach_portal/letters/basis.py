"""What a letter rests on: the letter of the level above, or the authority's of the campaign."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.letters.documents import Cited
from quetsach_portal.letters.models import Letter

# "Công văn số 1790/STTTT-BCVTCNTT ngày 09/9/2022 của Sở Thông tin và Truyền thông về việc ..."
_WRITTEN = re.compile(
    r"số\s+(?P<number>\d[\w./-]*)\s+ngày\s+(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"
    r"(?:\s+của\s+(?P<body>[^.;]{1,200}?))?(?:\s+về(?:\s+việc)?\s+(?P<about>[^;]{1,400}))?(?:[.;]|$)",
    re.IGNORECASE,
)


def cited_by(letter: Letter) -> Cited | None:
    """Return the document that `letter` names as its basis, or None where there is none."""
    above = letter.based_on
    if above is not None:
        return Cited(above.full_number, above.signed_on, above.issuer_name, above.subject)
    return authority_of(letter.campaign)


def authority_of(campaign: Campaign) -> Cited | None:
    """Return the letter by which the campaign was ordered, as `letter read` or a person gave it.

    Where the campaign was read from the lead office's own letter, its first basis is the one.
    """
    read: Mapping[str, Any] = campaign.letter
    named = _cited(read)
    own = named is not None and _same(named.body, campaign.lead_unit.name)
    if named is None or own:
        bases = read.get("basis")
        first = bases[0] if isinstance(bases, list) and bases else None
        named = _cited(first) if isinstance(first, Mapping) else None
    if named is not None:
        return named
    return _in_words(" ".join(campaign.legal_basis.split()))


def _in_words(text: str) -> Cited | None:
    found = _WRITTEN.search(text)
    if found is None:
        return None
    day, month, year = (int(found[part]) for part in ("day", "month", "year"))
    try:
        dated = date(year, month, day)
    except ValueError:
        dated = None
    body, about = (found["body"] or "").strip(" .;,"), (found["about"] or "").strip(" .;,")
    return Cited(found["number"], dated, body, about)


def _cited(read: Mapping[str, Any]) -> Cited | None:
    number, code = _text(read.get("number")), _text(read.get("code"))
    if not number and not code:
        return None
    full = number if not code or "/" in number else f"{number}/{code}"
    return Cited(full, _day(_text(read.get("date"))), _text(read.get("issuer")), _about(read))


def _about(read: Mapping[str, Any]) -> str:
    return _text(read.get("subject"))


def _text(found: Any) -> str:
    """Return a value as text, whether it stands alone or with the words that it came from."""
    value = found.get("value") if isinstance(found, Mapping) else found
    return "" if value is None else " ".join(str(value).split())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _same(one: str, other: str) -> bool:
    return bool(one) and one.casefold().split() == other.casefold().split()
