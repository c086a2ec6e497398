"""What was looked at as values and in words: a figure of machines is never told without it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach_portal.campaigns.models.campaign import CampaignNode, NodeCounter
from quetsach_portal.looks.models import UnitLook


@dataclass(frozen=True)
class LookFigures:
    """What a unit, or a node with all below it, has looked at: two axes, never added up.

    Shapes: `machines` is None where nobody knows how many there are; `seen` were looked at whole,
    `part` in part. `days` of `of_days` have logs of the network, both None for several units;
    `units` is then how many there are, of which `full` have looked at all and `partly` at a part,
    `with_days` have logs of each day, and `sized` know how many machines they have.
    """

    seen: int = 0
    part: int = 0
    machines: int | None = None
    days: int | None = None
    of_days: int | None = None
    has_no_logs: bool = False
    units: int = 1
    full: int = 0
    partly: int = 0
    with_days: int = 0
    sized: int = 0

    @property
    def is_nothing(self) -> bool:
        """True where no machine and no day was looked at."""
        return not (self.seen or self.part or self.days or self.full or self.partly)

    @property
    def is_whole(self) -> bool:
        """True where each machine and each day was looked at: nothing is left out."""
        has_machines = self.machines is not None and self.seen >= self.machines > 0
        if self.days is None:
            return has_machines and self.full >= self.units and self.with_days >= self.units
        return has_machines and bool(self.of_days) and self.days >= (self.of_days or 0)

    @property
    def machines_left(self) -> int:
        """How many machines that are known were not looked at whole."""
        return max(0, (self.machines or 0) - self.seen)

    @property
    def days_left(self) -> int:
        """How many days have no logs of the network."""
        return max(0, (self.of_days or 0) - (self.days or 0))


def figures_of_unit(look: UnitLook | None) -> LookFigures:
    """Return what a unit itself has looked at."""
    if look is None:
        return LookFigures(days=0, of_days=0)
    return LookFigures(
        seen=look.seen,
        part=look.part,
        machines=look.machines if look.is_sized else None,
        days=look.days,
        of_days=look.of_days,
        has_no_logs=look.has_no_logs,
        sized=int(look.is_sized),
    )


def figures_of_tree(counter: NodeCounter | None) -> LookFigures:
    """Return what a node and all below it have looked at, by the counters."""
    if counter is None:
        return LookFigures()
    return LookFigures(
        seen=counter.machines_seen,
        part=counter.machines_part,
        machines=counter.machines if counter.machines_sized else None,
        units=counter.units,
        full=min(counter.looked_full, counter.units),
        partly=min(counter.looked_part, counter.units),
        with_days=min(counter.logs_full, counter.units),
        sized=counter.machines_sized,
    )


def own_look(node: CampaignNode) -> LookFigures:
    """Return what the unit of `node` itself has looked at. Cost: one query."""
    return figures_of_unit(UnitLook.objects.filter(node_id=node.pk).first())


def looks_of_nodes(nodes: Sequence[CampaignNode]) -> dict[int, LookFigures]:
    """Return by node what it and all below it have looked at. Cost: one query."""
    rows = NodeCounter.objects.filter(node__in=nodes)
    by_node = {row.node_id: figures_of_tree(row) for row in rows}
    return {node.pk: by_node.get(node.pk, LookFigures()) for node in nodes}


def look_of_node(node: CampaignNode) -> LookFigures:
    """Return what `node` and all below it have looked at; a unit alone with its days."""
    counter = NodeCounter.objects.filter(node_id=node.pk).first()
    if counter is None or counter.units <= 1:
        return own_look(node)
    return figures_of_tree(counter)


def nothing_words() -> str:
    """Return what stands in place of a figure where nothing was looked at."""
    return _("Nothing checked yet")


def looked_words(look: LookFigures) -> str:
    """Return what was looked at, as the beginning of a sentence without its full stop."""
    if look.is_nothing:
        return nothing_words()
    parts = [_machine_words(look)]
    if look.days is None:
        parts += _unit_words(look)
    elif look.has_no_logs and not look.days:
        parts.append(_("no logs of the network"))
    elif look.of_days:
        words = _("%(days)s/%(of)s days of network logs")
        parts.append(words % {"days": look.days, "of": look.of_days})
    return _("Checked: %(parts)s") % {"parts": ", ".join(parts)}


def zero_words(look: LookFigures) -> str:
    """Return the sentence for no machine found: with what was looked at, or that nothing was."""
    if look.is_nothing:
        return nothing_words()
    text = _("%(looked)s: no machine was seen that contacts a malicious address.")
    return text % {"looked": looked_words(look)}


def handed_in_words(look: LookFigures) -> str:
    """Return what one hand-in looked at, of which nobody knows how much there is in all."""
    if look.is_nothing:
        return nothing_words()
    parts = []
    if look.seen or look.part:
        words = ngettext("%(seen)s machine", "%(seen)s machines", look.seen)
        parts.append(words % {"seen": number_format(look.seen)})
    if look.part:
        parts[-1] += " " + _("(%(part)s more in part)") % {"part": number_format(look.part)}
    if look.days:
        words = ngettext("%(days)s day of logs", "%(days)s days of logs", look.days)
        parts.append(words % {"days": number_format(look.days)})
    return _("Checked in this hand-in: %(parts)s") % {"parts": ", ".join(parts)}


def no_machine_in_words(look: LookFigures) -> str:
    """Return the sentence for a hand-in in which no machine was found."""
    if look.is_nothing:
        return nothing_words()
    text = _("%(looked)s: no machine was seen that contacts a malicious address.")
    return text % {"looked": handed_in_words(look)}


def _machine_words(look: LookFigures) -> str:
    whole = number_format(look.seen)
    if look.machines is None and look.part:
        words = _("%(seen)s machines and %(part)s more in part, of how many is not known")
        return words % {"seen": whole, "part": number_format(look.part)}
    if look.machines is None:
        words = ngettext(
            "%(seen)s machine, of how many is not known",
            "%(seen)s machines, of how many is not known",
            look.seen,
        ) % {"seen": whole}
    else:
        words = _("%(seen)s/%(all)s machines") % {
            "seen": whole,
            "all": number_format(look.machines),
        }
    if look.part:
        words += " " + _("(%(part)s more in part)") % {"part": number_format(look.part)}
    return words


def _unit_words(look: LookFigures) -> list[str]:
    facts = {
        "looked": number_format(look.full + look.partly),
        "units": number_format(look.units),
        "full": number_format(look.full),
        "part": number_format(look.partly),
    }
    words = [_("%(looked)s/%(units)s units (%(full)s all, %(part)s in part)") % facts]
    if look.machines is not None and look.sized < look.units:
        unknown = {"units": number_format(look.units - look.sized)}
        words.append(_("number of machines not known in %(units)s units") % unknown)
    return words
