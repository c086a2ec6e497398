"""Adding up: a unit's own figures, its children's, and what it sets right itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from quetsach.forms.definition import Form
from quetsach.forms.figure import Adjustment, Child, Figure, Used
from quetsach.forms.own import Own
from quetsach.forms.totals import figure_of, wrong
from quetsach.forms.values import Absent
from quetsach.texts import _


def add_up(
    form: Form,
    own: Mapping[str, Own],
    children: Sequence[Child],
    adjustments: Mapping[str, Adjustment],
) -> dict[str, Figure]:
    """Return each figure of `form`: own + used children + adjustment, what was told twice once.

    A child whose form does not have the field has not collected it. Errors: E451 when a child is
    left out, or a figure adjusted, without a reason; when a unit, or one that continues another
    and the other, stand twice; when unlike units would be added; when a total is below zero.
    """
    used = used_once(children)
    for key in (*own, *adjustments):
        if form.entry(key) is None:
            raise wrong(key, _("the form does not have it"))
    return {
        entry.id: figure_of(entry, own.get(entry.id), used, adjustments.get(entry.id))
        for entry in form.entries()
    }


def counted_once(children: Sequence[Child]) -> tuple[Child, ...]:
    """Return `children`, each unit used at most once: its newest version, the others left out.

    A unit that reports on two lines stands among them twice; what is left out says why.
    """
    best: dict[str, int] = {}
    for place, child in enumerate(children):
        if child.used is Used.EXCLUDED:
            continue
        held = best.get(child.node)
        if held is None or child.version > children[held].version:
            best[child.node] = place
    return tuple(
        child
        if child.used is Used.EXCLUDED or best[child.node] == place
        else replace(child, used=Used.EXCLUDED, reason=_("counted already on another line"))
        for place, child in enumerate(children)
    )


def without_answer(key: str, children: Sequence[Child]) -> tuple[tuple[str, Absent], ...]:
    """Return the used children that give no value for `key`: name, and why."""
    found = []
    for child in children:
        if child.used is Used.EXCLUDED:
            continue
        figure = child.figures.get(key)
        total = Absent.NOT_COLLECTED if figure is None else figure.total
        if isinstance(total, Absent):
            found.append((child.name, total))
    return tuple(found)


def used_once(children: Sequence[Child]) -> tuple[Child, ...]:
    """Return those of `children` that go into a total.

    Errors: E451 for one left out without a reason, or a unit that would be counted twice.
    """
    used = tuple(child for child in children if child.used is not Used.EXCLUDED)
    for child in children:
        if child.used is Used.EXCLUDED and not child.reason.strip():
            raise wrong(child.name, _("it is left out without a reason"))
    names: dict[str, str] = {}
    for child in used:
        if child.node in names:
            raise wrong(child.name, _("the unit stands twice"))
        names[child.node] = child.name
    for child in used:
        for before in child.continues:
            if before in names:
                told = _("it continues %(unit)s, which stands beside it") % {"unit": names[before]}
                raise wrong(child.name, told)
    return used
