"""Which levels passed the campaign on, and how many days each took; one level a page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, Max, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.counters import above_and_self
from quetsach_portal.campaigns.letter_review import answered_day, answered_number
from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    Campaign,
    CampaignNode,
    ExpectedReport,
)
from quetsach_portal.letters.access import OUT
from quetsach_portal.letters.documents import CitedDocument
from quetsach_portal.letters.models import Letter
from quetsach_portal.people.roles.scope import below
from quetsach_portal.web.acts import Refused


@dataclass(frozen=True)
class CascadeLink:
    """A unit in the chain from the root, and its own first letter if it passed the campaign on."""

    node: CampaignNode
    letter: Letter | None


@dataclass(frozen=True)
class CascadeLevel:
    """The letters of one depth of the tree: how many units wrote, and how long they took."""

    depth: int
    units: int
    mean_days: float | None
    most_days: int | None


def chain_to(node: CampaignNode) -> list[CascadeLink]:
    """Return the units from the root down to `node` with their letters. Cost: two queries."""
    ids = above_and_self(node)
    nodes = CampaignNode.objects.filter(pk__in=ids).order_by("depth")
    letters = first_letters(ids)
    return [CascadeLink(one, letters.get(one.pk)) for one in nodes]


def children_of(node: CampaignNode) -> QuerySet[CampaignNode]:
    """Return the units directly below, with their counters, by name."""
    return (
        CampaignNode.objects.filter(parent=node, state__in=COUNTED)
        .select_related("tally")
        .order_by("name_at_freeze", "pk")
    )


def links_of(nodes: Sequence[CampaignNode]) -> list[CascadeLink]:
    """Return `nodes` with their letters. Cost: one query."""
    letters = first_letters([one.pk for one in nodes])
    return [CascadeLink(one, letters.get(one.pk)) for one in nodes]


def first_letters(node_ids: Sequence[int]) -> dict[int, Letter]:
    """Return the first released letter of each of these units that has one."""
    letters: dict[int, Letter] = {}
    rows = Letter.objects.filter(node_id__in=node_ids, state__in=OUT, is_outside=False)
    for letter in rows.select_related("based_on").order_by("released_at", "pk"):
        letters.setdefault(letter.node_id, letter)
    return letters


def levels_below(node: CampaignNode) -> list[CascadeLevel]:
    """Return, for each depth from `node` down, how many units wrote and how many days it took.

    Cost: one query over the letters of the subtree, of which there are few: a leaf writes none.
    """
    rows = (
        Letter.objects.filter(below(node.path, "node__"), campaign_id=node.campaign_id)
        .filter(state__in=OUT, is_outside=False)
        .values("node__depth")
        .annotate(
            units=Count("node", distinct=True),
            mean=Avg("passed_on_days"),
            most=Max("passed_on_days"),
        )
        .order_by("node__depth")
    )
    return [
        CascadeLevel(row["node__depth"], row["units"], row["mean"], row["most"]) for row in rows
    ]


# What a letter rests on: the letter of the level above, or the authority's of the campaign.


# "Công văn số 1790/STTTT-BCVTCNTT ngày 09/9/2022 của Sở Thông tin và Truyền thông về việc ..."
_WRITTEN = re.compile(
    r"số\s+(?P<number>\d[\w./-]*)\s+ngày\s+(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"
    r"(?:\s+của\s+(?P<body>[^.;]{1,200}?))?(?:\s+về(?:\s+việc)?\s+(?P<about>[^;]{1,400}))?(?:[.;]|$)",
    re.IGNORECASE,
)

_COMMITTEE = re.compile(
    r"[ỦU][YỶ] BAN NHÂN DÂN (?P<level>XÃ|PHƯỜNG|THỊ TRẤN|HUYỆN|QUẬN|THỊ XÃ|THÀNH PHỐ|TỈNH) "
    r"(?P<place>.+)"
)
_TO_FILL_IN = "........"
"""Stands for the number of a letter that has a code and whose number nobody gave."""


def cited_by(letter: Letter) -> CitedDocument | None:
    """Return the document that `letter` names as its basis, or None."""
    above = letter.based_on
    if above is not None:
        return CitedDocument(above.full_number, above.signed_on, above.issuer_name, above.subject)
    return authority_of(letter.campaign)


def authority_of(campaign: Campaign) -> CitedDocument | None:
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


def _in_words(text: str) -> CitedDocument | None:
    match = _WRITTEN.search(text)
    if match is None:
        return None
    day, month, year = (int(match[part]) for part in ("day", "month", "year"))
    try:
        dated = date(year, month, day)
    except ValueError:
        dated = None
    body, about = (match["body"] or "").strip(" .;,"), (match["about"] or "").strip(" .;,")
    return CitedDocument(match["number"], dated, body, about)


def _cited(read: Mapping[str, Any]) -> CitedDocument | None:
    number, code = _text(read.get("number")) or answered_number(read), _text(read.get("code"))
    if not number and not code:
        return None
    full = number if not code or "/" in number else f"{number or _TO_FILL_IN}/{code}"
    day = _day(_text(read.get("date"))) or answered_day(read)
    body = _in_sentence_case(_text(read.get("issuer")))
    return CitedDocument(full, day, body, _text(read.get("subject")))


def _in_sentence_case(body: str) -> str:
    """Return the head of a letter ("ỦY BAN NHÂN DÂN XÃ MỘT") as a sentence names the office.

    Only a people's committee is known by its words alone; another body stays as it is printed.
    """
    head = _COMMITTEE.match(body)
    if head is None or body != body.upper():
        return body
    return f"Ủy ban nhân dân {head['level'].lower()} {head['place'].title()}"


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


# Until when a letter may ask its recipients to report: never later than its own unit is due.


def own_deadline(node: CampaignNode) -> date | None:
    """Return the day before which `node` itself has to report, in its current phase; or None."""
    return _deadlines_day(ExpectedReport.objects.filter(node=node))


def usual_deadline(node: CampaignNode) -> date | None:
    """Return the day before which the children of `node` are due, the earliest of theirs."""
    return _deadlines_day(ExpectedReport.objects.filter(node__parent=node)) or own_deadline(node)


def latest_deadline(letter: Letter) -> date | None:
    """Return the latest day that `letter` may name, or None where nothing binds it."""
    days = [own_deadline(letter.node)]
    if letter.based_on is not None:
        days.append(letter.based_on.deadline)
    known = [day for day in days if day is not None]
    return min(known, default=None)


def checked_deadline(letter: Letter, day: date) -> date:
    """Return `day` when the letter may name it. Errors: Refused."""
    latest = latest_deadline(letter)
    if latest is not None and day > latest:
        raise Refused(
            _("Your own unit must report before %(day)s; enter a day that is not later.")
            % {"day": date_format(latest, "SHORT_DATE_FORMAT")},
            field="deadline",
        )
    if day <= timezone.localdate():
        raise Refused(_("This day has passed; the deadline must be after today."), field="deadline")
    return day


def _deadlines_day(slots: QuerySet[ExpectedReport]) -> date | None:
    now = timezone.now()
    due = slots.filter(due_at__gt=now).order_by("due_at").values_list("due_at", flat=True).first()
    return None if due is None else timezone.localtime(due).date()
