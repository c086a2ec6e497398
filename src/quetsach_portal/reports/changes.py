"""Tell the office above that a report changed after it had made its own."""

from quetsach.api.reports import Absent, Count, Value
from quetsach_portal.campaigns.models import Slot
from quetsach_portal.reports.models import (
    STANDS,
    ChangeNotice,
    ReportVersion,
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


def _number(value: Value | None) -> int | None:
    if isinstance(value, Count):
        return value.number
    return 0 if value is Absent.NIL else None
