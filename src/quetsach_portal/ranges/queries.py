"""What the pages about allotted notices show: figures that open to rows, what a unit is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.cases.models.notice import NoticeBatch, NoticeItem
from quetsach_portal.ranges.models import (
    AllottedNotice,
    AllottedState,
    Forwarding,
    NoticeQuestion,
    PublicRange,
)
from quetsach_portal.web.tables import Column, LongList

TONES = {
    AllottedState.FOUND: "good",
    AllottedState.OPEN: "warn",
    AllottedState.UNDECIDED: "bad",
    AllottedState.CANNOT_TELL: "warn",
    AllottedState.NOT_OURS: "calm",
    AllottedState.REJECTED: "calm",
}


@dataclass(frozen=True)
class AllottedFigures:
    """How the items of a file stand; they add up to `items`. `late` are those past their term."""

    items: int
    counts: Sequence[tuple[str, str, int]]
    late: int


def figures_of(batch: NoticeBatch) -> AllottedFigures:
    """Return how many items are in which state. Cost: two queries."""
    counted: Mapping[str, int] = dict(
        AllottedNotice.objects.filter(batch=batch)
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"))
    )
    late = AllottedNotice.objects.filter(
        batch=batch,
        state=AllottedState.OPEN,
        questions__answer="",
        questions__forwarding__due_at__lte=timezone.now(),
    )
    return AllottedFigures(
        items=sum(counted.values()),
        counts=[(one.value, str(one.label), counted.get(one, 0)) for one in AllottedState],
        late=late.distinct().count(),
    )


def networks_of(unit_id: int) -> tuple[str, ...]:
    """Return the public networks of a unit that two persons stand behind, on whatever day."""
    rows = PublicRange.objects.filter(unit_id=unit_id, withdrawn_at=None).exclude(cidr="")
    approved = rows.exclude(approved_at=None).order_by("cidr")
    return tuple(approved.values_list("cidr", flat=True).distinct())


RANGES = LongList(
    _lazy("Public ranges"),
    {
        "addresses": Column(_lazy("Addresses"), "cidr"),
        "unit": Column(_lazy("Unit"), "unit__name", is_optional=True),
        "days": Column(_lazy("Days it counts for"), "since", is_optional=True),
        "state": Column(_lazy("State"), "approved_at", is_optional=True),
        "source": Column(_lazy("How this is known"), "added_at"),
    },
    folded_in=("unit__search",),
    text_in=("cidr", "source"),
    number_in=("asn",),
)

ALLOTTED_FILES = LongList(
    _lazy("Files of notices"),
    {
        "file": Column(_lazy("File"), "stored__name"),
        "handed_in": Column(_lazy("Handed in"), "handed_in_at"),
        "state": Column(_lazy("State"), "state"),
        "items": Column(_lazy("Items"), "items", "number"),
    },
    text_in=("stored__name",),
)

NOTICES = LongList(
    _lazy("Each notice"),
    {
        "number": Column(_lazy("No."), "number", "number"),
        "time": Column(_lazy("Time"), "at", is_optional=True),
        "notice": Column(_lazy("What the authority says"), "address"),
        "state": Column(_lazy("State"), "state"),
        "units": Column(_lazy("Units asked")),
    },
    text_in=("address", "remote", "family"),
    number_in=("number",),
)


def notices_of(batch: NoticeBatch, state: str = "") -> QuerySet[AllottedNotice]:
    """Return the items in the order of the file, those in `state` only where one is asked."""
    rows = AllottedNotice.objects.filter(batch=batch)
    if state in AllottedState.values:
        rows = rows.filter(state=state)
    questions = ("questions__forwarding__node", "questions__case")
    return rows.prefetch_related(*questions).order_by("number")


def to_decide(batch: NoticeBatch) -> list[dict[str, Any]]:
    """Return the addresses about which the lead office decides, with how many items and why."""
    rows = AllottedNotice.objects.filter(batch=batch, state=AllottedState.UNDECIDED)
    counted = rows.values("address", "outcome", "why").annotate(count=Count("pk"))
    return [dict(row) for row in counted.order_by("-count", "address")[:200]]


def forwardings_from(batch: NoticeBatch) -> QuerySet[Forwarding]:
    """Return the units that were asked about a file, with how many items each has answered."""
    rows = Forwarding.objects.filter(batch=batch).select_related("node", "part")
    return rows.annotate(
        asked=Count("questions"),
        answered=Count("questions", filter=~Q(questions__answer="")),
        found=Count("questions", filter=Q(questions__answer="found")),
    ).order_by("node__name_at_freeze")


@dataclass(frozen=True)
class AskedNotice:
    """A notice as its unit sees it: what the authority says, and what the unit's logs say.

    Shapes: `item` is what the trace made of it, None before it ended.
    """

    question: NoticeQuestion
    item: NoticeItem | None

    @property
    def is_open(self) -> bool:
        """Return whether it waits for an answer."""
        return not self.question.answer


def asked_of(forwarding: Forwarding) -> list[AskedNotice]:
    """Return the notices that a unit is asked about, the open ones first. Cost: two queries."""
    items = {
        one.number: one
        for one in NoticeItem.objects.filter(batch=forwarding.part_id).select_related("case")
    }
    questions = NoticeQuestion.objects.filter(forwarding=forwarding)
    rows = questions.select_related("notice", "case").order_by("notice__number")
    asked = [AskedNotice(one, items.get(one.notice.number)) for one in rows]
    return sorted(asked, key=lambda row: not row.is_open)


def range_state(public: PublicRange) -> str:
    """Return in words whether a range counts."""
    if public.approved_at is None:
        return _("waits for a second person")
    today = timezone.localdate()
    if public.until is not None and public.until < today:
        return _("over")
    if public.since is not None and public.since > today:
        return _("counts later")
    return _("counts now")
