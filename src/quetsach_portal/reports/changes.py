"""Tell the office above that a report changed after its own was made; keep it out until decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from quetsach.api.reports import Absent, Count, Value
from quetsach_portal.campaigns.models import Slot
from quetsach_portal.reports.models import (
    COUNTS,
    STANDS,
    ChangeNotice,
    InputUsed,
    NoticeState,
    ReportInput,
    ReportVersion,
    VersionKind,
)
from quetsach_portal.reports.stored import figures_of


def tell_above(above: Slot, old: ReportVersion | None, new: ReportVersion) -> ChangeNotice | None:
    """Return the notice to `above` that `new` is not in its report; None where it has none yet.

    The caller holds the lock of `above`, so that no report is made there meanwhile.
    """
    standing = ReportVersion.objects.filter(slot=above, state__in=STANDS).order_by("-n").first()
    if standing is None:
        return None
    used = standing.inputs.filter(child_slot=new.slot, child_version__isnull=False).first()
    before = None if used is None else used.child_version
    made, _is_new = ChangeNotice.objects.get_or_create(
        parent_slot=above,
        new_version=new,
        defaults={"old_version": before or old, "delta": delta(before or old, new)},
    )
    return made


def delta(old: ReportVersion | None, new: ReportVersion) -> dict[str, list[int | None]]:
    """Return {field: [before, after]} of the totals that differ; None for no number."""
    before = {} if old is None else figures_of(old)
    after = figures_of(new)
    found = {}
    for key in dict.fromkeys([*before, *after]):
        pair = [_number(one[key].total if key in one else None) for one in (before, after)]
        if pair[0] != pair[1]:
            found[key] = pair
    return found


@dataclass(frozen=True)
class Held:
    """The version of a child that goes into its parent's total; `why` where none of it is used."""

    version: ReportVersion | None
    why: str = ""


def held_back(slot: Slot, kind: str) -> Mapping[int, Held]:
    """Return by child's slot what stays in the total of `slot` beside a newer one not taken in.

    `kind` is that of the report that is made: what was left to a supplement goes into one.
    Cost: two queries.
    """
    before = _counted_in(ReportVersion.objects.filter(slot=slot))
    notices = ChangeNotice.objects.filter(parent_slot=slot).select_related("new_version")
    rows = notices.order_by("new_version__slot", "new_version__n")
    found = {}
    for child, told in groupby(rows, key=lambda one: one.new_version.slot_id):
        old = before.get(child)
        newer = [one for one in told if old is None or one.new_version.n > old.n]
        if not newer or _is_let_in(newer[-1], kind):
            continue
        versions = [one.new_version for one in newer if _is_let_in(one, kind)]
        kept = versions[-1] if versions else old
        found[child] = Held(newer[-1].new_version, _why(newer[-1])) if kept is None else Held(kept)
    return found


def came_in(slot: Slot, counted: Iterable[tuple[Slot, ReportVersion]]) -> list[str]:
    """Return a sentence for each report below that the report of `slot` lacks as it stands."""
    before = _counted_in(ReportVersion.objects.filter(slot=slot, state__in=COUNTS))
    return [
        _("%(unit)s handed in version %(n)s.") % {"unit": child.node.name_at_freeze, "n": version.n}
        for child, version in counted
        if before.get(child.pk) != version
    ]


def _counted_in(versions: QuerySet[ReportVersion]) -> Mapping[int, ReportVersion]:
    """Return by child's slot the version that the newest of `versions` counts."""
    used = [InputUsed.YES, InputUsed.LATE]
    rows = ReportInput.objects.filter(
        parent_version=versions.order_by("-n").values("pk")[:1], used__in=used
    )
    found = rows.select_related("child_version")
    return {one.child_slot_id: one.child_version for one in found if one.child_version is not None}


def _is_let_in(notice: ChangeNotice, kind: str) -> bool:
    if notice.state == NoticeState.CARRIED:
        return kind == VersionKind.SUPPLEMENT
    return notice.state == NoticeState.ABSORBED


def _why(notice: ChangeNotice) -> str:
    if notice.state == NoticeState.DISMISSED:
        return _("not taken in: %(why)s") % {"why": notice.reason}
    if notice.state == NoticeState.CARRIED:
        return _("left to the next supplement")
    return _("came after the total was made; not decided yet")


def _number(value: Value | None) -> int | None:
    if isinstance(value, Count):
        return value.number
    return 0 if value is Absent.NIL else None
