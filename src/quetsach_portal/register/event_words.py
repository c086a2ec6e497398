"""What an event of the tree does, in the names of its units, whatever became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from quetsach_portal.units.batches import in_batches
from quetsach_portal.units.models import EventKind, OrgEvent, OrgUnit
from quetsach_portal.units.searching import label_of
from quetsach_portal.units.tree_plan import NewUnit, TreePlan, plan_of

MOST_SHOWN = 300
_MOST_NAMED = 3


@dataclass(frozen=True)
class Change:
    """Units before and what follows; `after` is empty where they end or only a name is set."""

    before: tuple[str, ...]
    after: tuple[str, ...] = ()


def changes_of(event: OrgEvent) -> list[Change]:
    """Return what the event does, at most 300 changes, each unit with its code."""
    plan = plan_of(event.plan)
    return _changes(event.kind, plan, _labels([plan]))[:MOST_SHOWN]


def with_words(events: Sequence[OrgEvent]) -> list[tuple[OrgEvent, str]]:
    """Return each event with a line that names its first units. Cost: one query for a page."""
    plans = [plan_of(event.plan) for event in events]
    labels = _labels(plans)
    return [
        (event, _line(_changes(event.kind, plan, labels)))
        for event, plan in zip(events, plans, strict=True)
    ]


def _labels(plans: Iterable[TreePlan]) -> Mapping[int, str]:
    wanted = {pk for plan in plans for pk in plan.named_units()}
    wanted |= {int(pk) for plan in plans for pk in plan.heirs}
    return {
        unit.pk: label_of(unit)
        for some in in_batches(sorted(wanted))
        for unit in OrgUnit.objects.filter(pk__in=some).only("pk", "name", "code")
    }


def _changes(kind: str, plan: TreePlan, labels: Mapping[int, str]) -> list[Change]:
    def named(units: Iterable[int]) -> tuple[str, ...]:
        return tuple(labels.get(pk, "?") for pk in units)

    new = tuple(_new(one) for one in plan.parts)
    match kind:
        case EventKind.MERGE:
            into = [(_new(one.new),) if one.new else named([one.into or 0]) for one in plan.merges]
            pairs = zip(plan.merges, into, strict=True)
            return [Change(named(one.units), after) for one, after in pairs]
        case EventKind.SPLIT:
            return [Change(named(plan.units), new)]
        case EventKind.OPEN:
            return [Change((), new)]
        case EventKind.RENAME:
            return [Change(named(plan.units), (plan.name,))]
        case EventKind.MOVE:
            parent = named([plan.parent]) if plan.parent is not None else ()
            return [Change(named(plan.units), parent)]
    ended = [Change((one,)) for one in named(plan.units)]
    heirs = [Change(named([int(pk)]), named([heir])) for pk, heir in plan.heirs.items()]
    return [*ended, *heirs]


def _new(unit: NewUnit) -> str:
    return f"{unit.name} ({unit.code})"


def _line(changes: Sequence[Change]) -> str:
    if not changes:
        return ""
    ended = tuple(name for one in changes if not one.after for name in one.before)
    first = Change(ended) if ended else changes[0]
    left, right = _few(first.before), _few(first.after)
    more = 0 if ended else len(changes) - 1
    line = " → ".join(part for part in (left, right) if part)
    return line if not more else _("%(first)s; and %(n)s more") % {"first": line, "n": more}


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return shown if more <= 0 else _("%(first)s and %(n)s more") % {"first": shown, "n": more}
