"""The machines of a unit as its page lists them: which were looked at, which may be the same."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.looks.models import LookGrade, MachineLook, UnitMachine
from quetsach_portal.looks.recording import lacking_words
from quetsach_portal.web.tables import Column, LongList

MACHINES = LongList(
    _lazy("Machines of your unit"),
    {
        "machine": Column(_lazy("Machine"), "machine__name"),
        "where": Column(_lazy("Where, who uses it"), "machine__room"),
        "looked": Column(_lazy("Checked"), "look__received_at"),
        "act": Column(_lazy("To do"), is_hidden=True),
    },
    text_in=("machine__name", "machine__room", "machine__user_role", "machine__asset_tag"),
)


@dataclass(frozen=True)
class MachineOnPage:
    """A machine with its best look, and another one that it may be.

    Shapes: `lacks` says in words what its look lacks; `other` has the same name or network card.
    """

    machine: UnitMachine
    look: MachineLook | None
    lacks: str
    other: UnitMachine | None

    @property
    def is_seen(self) -> bool:
        """True where it was looked at whole."""
        return self.look is not None and self.look.grade == LookGrade.FULL


def machine_rows(node: CampaignNode) -> list[MachineOnPage]:
    """Return the machines of a unit, those not looked at first. Cost: two queries."""
    machines = list(
        UnitMachine.objects.filter(unit_id=node.unit_id, ended_at=None).order_by("name", "pk")
    )
    root = {one.pk: one.same_as_id or one.pk for one in machines}
    best: dict[int, MachineLook] = {}
    looks = MachineLook.objects.filter(node=node, repeats=None, withdrawn_at=None)
    for look in looks.order_by("received_at", "pk"):
        key = root.get(look.machine_id, look.machine_id)
        old = best.get(key)
        if old is None or old.grade != LookGrade.FULL or look.grade == LookGrade.FULL:
            best[key] = look
    others = _others([one for one in machines if one.same_as_id is None])
    rows = [
        MachineOnPage(
            one,
            best.get(one.pk),
            lacking_words(best[one.pk].lacks) if one.pk in best else "",
            others.get(one.pk),
        )
        for one in machines
        if one.same_as_id is None
    ]
    return sorted(rows, key=lambda row: (row.is_seen, row.look is not None))


def _others(machines: Sequence[UnitMachine]) -> dict[int, UnitMachine]:
    """Return for a machine an earlier one with its name or one of its network cards."""
    by_word: defaultdict[str, list[UnitMachine]] = defaultdict(list)
    others: dict[int, UnitMachine] = {}
    for machine in sorted(machines, key=lambda one: one.pk):
        words = [f"mac {mac}" for mac in machine.macs]
        words += [f"name {machine.hostname.lower()}"] if machine.hostname else []
        for word in words:
            if by_word[word] and machine.pk not in others:
                others[machine.pk] = by_word[word][0]
            by_word[word].append(machine)
    return others
