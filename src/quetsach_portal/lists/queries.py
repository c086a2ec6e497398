"""What the pages of a campaign's list show: its versions, and the gate of one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api import gate
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.campaigns.release import KINDS
from quetsach_portal.lists import office
from quetsach_portal.lists.models import (
    OPEN,
    DoubtfulRow,
    HoldState,
    ListVersion,
    ListVersionState,
    OfficeRow,
    OfficeRowKind,
    VersionNode,
)
from quetsach_portal.ranges.models import PublicRange
from quetsach_portal.web.tables import Column, LongList

SHOWN_PER_REASON = 10
SHOWN_CHANGES = 40

CHANGE_WORDS: Mapping[str, Any] = {
    "added": _lazy("added"),
    "removed": _lazy("no longer there"),
    "withdrawn": _lazy("taken back"),
    "replaced": _lazy("replaced"),
    "dropped": _lazy("left out by decision"),
    "returned": _lazy("listed again"),
    "widened": _lazy("matches more than before"),
    "narrowed": _lazy("matches less than before"),
    "expired": _lazy("expired"),
    "class": _lazy("another class"),
    "family": _lazy("another malware family"),
    "tlp": _lazy("another marking (TLP)"),
    "confidence": _lazy("another confidence"),
    "allow": _lazy("on other warning lists"),
    "decision": _lazy("another decision"),
    "sources": _lazy("from other lists"),
}

SHRUNKEN: Mapping[str, Any] = {
    "E221": _lazy("The new version is empty."),
    "E222": _lazy("More than a fifth of the rows of the version in force is gone."),
    "E223": _lazy("A list that had rows in the version in force has none any more."),
}


VERSIONS = LongList(
    _lazy("Versions of the list"),
    {
        "version": Column(_lazy("Version"), "n"),
        "state": Column(_lazy("State"), "state"),
        "entries": Column(_lazy("Entries"), css="number"),
        "undecided": Column(_lazy("Doubtful, undecided"), "undecided", "number"),
        "taken": Column(_lazy("Taken in at"), "received_at"),
        "in_force": Column(_lazy("In force since"), "in_force_at", is_optional=True),
    },
    text_in=("title", "by__name", "approved_by__name"),
    number_in=("n",),
)

DOUBTFUL = LongList(
    _lazy("Doubtful rows"),
    {
        "row": Column(_lazy("Row"), "shown"),
        "why": Column(_lazy("Why it is doubtful")),
        "effect": Column(_lazy("Machines, units"), "devices", "number"),
        "proposal": Column(_lazy("Proposal"), "proposal"),
        "decision": Column(_lazy("Decision"), "decision"),
    },
    text_in=("shown", "key", "list_name"),
    number_in=("row",),
)


def versions_of(campaign: Campaign) -> QuerySet[ListVersion]:
    """Return the versions of the campaign's list, the newest first."""
    rows = ListVersion.objects.filter(campaign=campaign).select_related("by", "approved_by", "feed")
    undecided = Count("doubtful", filter=Q(doubtful__decision=""))
    return rows.annotate(undecided=undecided).order_by("-n")


def worked_on(campaign: Campaign) -> ListVersion | None:
    """Return the newest version that waits, else the one in force, None where there is neither."""
    rows = ListVersion.objects.filter(campaign=campaign, state__in=(*OPEN, "in-force"))
    rows = rows.select_related(
        "campaign__lead_unit", "release", "by", "proposed_by", "approved_by", "ended_by", "feed"
    )
    return rows.order_by(Case(When(state="in-force", then=1), default=0), "-n").first()


@dataclass(frozen=True)
class OpenVersion:
    """A version of the list that waits before the start, and how many of its rows are undecided."""

    is_checked: bool
    is_proposed: bool
    undecided: int


def open_version(campaign: Campaign) -> OpenVersion | None:
    """Return the newest version of the list that waits, None where none does. Cost: one query."""
    rows = ListVersion.objects.filter(campaign=campaign, state__in=OPEN).order_by("-n")
    undecided = Count("doubtful", filter=Q(doubtful__decision=""))
    version = rows.annotate(undecided=undecided).first()
    if version is None:
        return None
    proposed = version.state == ListVersionState.PROPOSED
    checked = proposed or version.state == ListVersionState.TRIED
    return OpenVersion(checked, proposed, 0 if proposed else version.undecided)


def waits_of(campaign: Campaign) -> tuple[int, int]:
    """Return how many versions wait, and how many holds and office's rows for a second person.

    Cost: one query.
    """
    open_row = Q(office_rows__approved_at=None) | Q(office_rows__end_asked_by__isnull=False)
    counts = Campaign.objects.filter(pk=campaign.pk).aggregate(
        versions=Count("list_versions", filter=Q(list_versions__state__in=OPEN), distinct=True),
        holds=Count(
            "list_versions__holds",
            filter=Q(list_versions__holds__state=HoldState.OPEN),
            distinct=True,
        ),
        rows=Count("office_rows", filter=Q(office_rows__ended_at=None) & open_row, distinct=True),
    )
    return counts["versions"], counts["holds"] + counts["rows"]


@dataclass(frozen=True)
class OfficeRowEffect:
    """A row that the office vouches for; `count` entries of the version are held back by it.

    `count` is None where that was not looked at.
    """

    row: OfficeRow
    count: int | None
    keys: Sequence[str]


def office_rows_of(campaign: Campaign, version: ListVersion | None) -> list[OfficeRowEffect]:
    """Return the office's rows, each with what it holds back of `version`."""
    effects: list[OfficeRowEffect] = []
    for office_row in office.rows_of(campaign):
        effect = office_row.effect
        if version is not None and version.is_open:
            side = "own" if office_row.kind == OfficeRowKind.BLAME else "block"
            effect = version.checked.get(side, {}).get(office_row.text, [])
        count, keys = effect or (None, [])
        effects.append(OfficeRowEffect(office_row, count, keys))
    return effects


def ranges_never_blocked(campaign: Campaign) -> int:
    """Return how many approved ranges of the campaign's units no list for devices may have."""
    units = CampaignNode.objects.filter(campaign=campaign).values("unit")
    rows = PublicRange.objects.exclude(cidr="").filter(unit__in=units, withdrawn_at=None)
    return rows.filter(approved_at__isnull=False).count()


@dataclass(frozen=True)
class RefusedRows:
    """The rows of a list that were refused for one reason; `rows` are the first."""

    reason: str
    count: int
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class GatePage:
    """All that stands on the page of a version.

    Shapes: `kinds` are words with counts; `changes` words with keys, `counted` words with counts;
    `effects` are [key, devices, only, units] of the rows that name most; `matched` sums what was
    found again in the evidence after it came in force.
    """

    version: ListVersion
    refused: Sequence[RefusedRows]
    refused_count: int
    kinds: Sequence[tuple[str, int]]
    counted: Sequence[tuple[str, int]]
    changes: Sequence[tuple[str, str]]
    shrunken: str
    effects: Sequence[Sequence[Any]]
    doubtful: int
    undecided: int
    kept: int
    expired: int
    not_shown: int
    matched: Mapping[str, int]


def gate_page(version: ListVersion) -> GatePage:
    """Return what the page of `version` shows. Cost: four queries."""
    checked, changes = version.checked, version.changes
    refused = [
        RefusedRows(gate.reason_text(one["reason"]), one["count"], one["rows"][:SHOWN_PER_REASON])
        for one in checked.get("refused", ())
    ]
    counts = version.doubtful.aggregate(
        all=Count("pk"),
        open=Count("pk", filter=Q(decision="")),
        kept=Count("pk", filter=Q(decision="keep", expired_at=None)),
        expired=Count("pk", filter=Q(expired_at__isnull=False)),
    )
    kinds = checked.get("kinds", {})
    return GatePage(
        version=version,
        refused=refused,
        refused_count=sum(one.count for one in refused),
        kinds=[(str(word), kinds[kind]) for kind, word in KINDS.items() if kind in kinds],
        counted=[(_change_word(name), count) for name, count in _counts(changes).items()],
        changes=[
            (_change_word(name), key) for name, key in changes.get("shown", ())[:SHOWN_CHANGES]
        ],
        shrunken=str(SHRUNKEN.get(changes.get("shrunken", ""), "")),
        effects=version.trial.get("rows", ())[:20],
        doubtful=counts["all"],
        undecided=counts["open"],
        kept=counts["kept"],
        expired=counts["expired"],
        not_shown=max(0, checked.get("questions_count", 0) - counts["all"]),
        matched=_matched(version),
    )


def _counts(changes: Mapping[str, Any]) -> Mapping[str, int]:
    counts: Mapping[str, int] = changes.get("counts", {})
    return counts


def _change_word(name: str) -> str:
    return str(CHANGE_WORDS.get(name, name))


def _matched(version: ListVersion) -> Mapping[str, int]:
    rows = VersionNode.objects.filter(version=version)
    sums = rows.aggregate(
        units=Count("pk", filter=Q(submissions__gt=0)),
        done=Count("pk", filter=Q(matched_at__isnull=False)),
        cases=Sum("cases"),
        outdated=Sum("outdated"),
        left=Sum("left"),
        withdrawn=Sum("withdrawn"),
    )
    return {name: count or 0 for name, count in sums.items()}


def doubtful_rows(version: ListVersion, only: str = "") -> QuerySet[DoubtfulRow]:
    """Return the doubtful rows, what is open and does most first; `only` "open" for those alone."""
    rows = version.doubtful.select_related("decided_by")
    if only == "open":
        rows = rows.filter(decision="")
    return rows.order_by(F("devices").desc(), "key")


def classes_of(row: DoubtfulRow) -> str:
    """Return in words what the warning lists are about on which the row stands."""
    return ", ".join(gate.class_text(one) for one in row.classes)


def is_running(version: ListVersion) -> bool:
    """Whether a job works on the version, so that its page is to be looked at again."""
    is_built = version.state == ListVersionState.PROPOSED and version.release_id is None
    return is_built or version.state in (ListVersionState.RECEIVED, ListVersionState.CHECKED)
