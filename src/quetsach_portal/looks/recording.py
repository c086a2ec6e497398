"""Record the looks of a hand-in, in the act that records the hand-in; take them back with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.looks.models import LookGrade, MachineLook, MachineOrigin, UnitMachine

OLDEST = timedelta(days=3)
"""A look that was taken longer before its hand-in is of another week's machine."""

CLOCK_AHEAD = timedelta(hours=1)
"""A clock that is further ahead of the receipt tells no age."""

NO_CACHE: Mapping[str, object] = {
    "none": _lazy("this machine keeps no DNS cache: nothing is missing that could be handed in"),
    "hidden": _lazy("this machine keeps a DNS cache that no program can read"),
    "shared": _lazy(
        "this machine answers names for others, so that its DNS cache does not tell of it alone"
    ),
    "root": _lazy("the DNS cache can be read by root only: run the collector again with sudo"),
}
"""Why a machine shows no name, by the word of its collector; only the last can be mended."""

LACKS: Mapping[str, object] = {
    "connections": _lazy("the connection table is missing: run the collector again"),
    "names": _lazy(
        "the DNS cache is missing or empty: open a web page on that machine, then run it again"
    ),
    "time": _lazy("it does not say when it was taken: run the collector again"),
    "clock": _lazy("the machine’s clock is ahead: set it right and run the collector again"),
    "old": _lazy("it was taken more than 3 days before it was handed in: run the collector again"),
    **{f"cache-{word}": text for word, text in NO_CACHE.items()},
}
"""By the codes of `lacks_of`."""


@dataclass(frozen=True)
class TakenLook:
    """What a collection has of a machine, as the reader of evidence answers it.

    Shapes: `connections` and `names` count lines, None where the file is not there; `content` is
    the SHA-256 of both; `cache` is what the collector says of the DNS cache.
    """

    host: str
    mac: str
    address: str
    taken_at: datetime | None
    connections: int | None
    names: int | None
    content: str
    cache: str = ""


def lacks_of(look: TakenLook, received_at: datetime) -> list[str]:
    """Return what the look lacks to be whole, by code; the age is checked against the receipt."""
    lacks = []
    if not look.connections:
        lacks.append("connections")
    if not look.names:
        lacks.append(f"cache-{look.cache}" if look.cache in NO_CACHE else "names")
    if look.taken_at is None:
        lacks.append("time")
    elif look.taken_at > received_at + CLOCK_AHEAD:
        lacks.append("clock")
    elif look.taken_at < received_at - OLDEST:
        lacks.append("old")
    return lacks


def record_looks(
    node: CampaignNode, looks: Sequence[TakenLook], *, source: str, received_at: datetime
) -> list[MachineLook]:
    """Return the recorded looks of a hand-in; recording it again changes nothing.

    A collection that holds neither table is no look. Content that was handed in before in the
    campaign, by whomever, repeats that look. The caller holds the transaction and settles the
    figures of the node.
    """
    known = MachineLook.objects.filter(source=source)
    if known.exists():
        return list(known)
    # The register's row keeps two hand-ins of a unit from making the same machine.
    type(node.unit).objects.select_for_update().get(pk=node.unit_id)
    machines = list(UnitMachine.objects.filter(unit_id=node.unit_id, ended_at=None).order_by("pk"))
    recorded = []
    for look in looks:
        if not look.connections and not look.names:
            continue
        lacks = lacks_of(look, received_at)
        recorded.append(
            MachineLook.objects.create(
                campaign_id=node.campaign_id,
                node=node,
                machine=_machine(node, look, machines),
                source=source,
                host=look.host[:64],
                mac=look.mac[:17],
                address=look.address[:45],
                taken_at=look.taken_at,
                received_at=received_at,
                grade=LookGrade.PART if lacks else LookGrade.FULL,
                lacks=lacks,
                connections=look.connections or 0,
                names=look.names or 0,
                content=look.content,
                repeats=_first_of(node, look.content),
            )
        )
    return recorded


def take_back(source: str) -> int:
    """Let the looks of a withdrawn hand-in count no more; return how many those were.

    What only repeated one of them counts in its place. The caller holds the transaction and the
    locks of the node and of `nodes_repeating`, and settles their figures.
    """
    rows = MachineLook.objects.select_for_update().filter(source=source, withdrawn_at=None)
    withdrawn = list(rows)
    rows.update(withdrawn_at=timezone.now())
    for look in withdrawn:
        heirs = MachineLook.objects.filter(repeats=look, withdrawn_at=None).order_by("pk")
        if (heir := heirs.first()) is not None:
            MachineLook.objects.filter(pk=heir.pk).update(repeats=None)
            MachineLook.objects.filter(repeats=look).exclude(pk=heir.pk).update(repeats=heir)
    return len(withdrawn)


def nodes_repeating(source: str) -> set[int]:
    """Return the nodes of looks that only repeat one of this hand-in, of whatever unit."""
    rows = MachineLook.objects.filter(repeats__source=source, withdrawn_at=None)
    return set(rows.order_by().values_list("node_id", flat=True).distinct())


def lacking_words(lacks: Iterable[str]) -> str:
    """Return what a look lacks as one text, "" for a whole one."""
    return "; ".join(str(LACKS.get(code, code)) for code in lacks)


def repeated_words(unit: str) -> str:
    """Return why a look counts for nothing."""
    return _("the same content was handed in before by %(unit)s: it counts once") % {"unit": unit}


def _first_of(node: CampaignNode, content: str) -> MachineLook | None:
    same = MachineLook.objects.filter(campaign_id=node.campaign_id, content=content)
    return same.filter(repeats=None, withdrawn_at=None).first()


def _machine(node: CampaignNode, look: TakenLook, machines: list[UnitMachine]) -> UnitMachine:
    """Return the machine of the unit that the look is of, a new one where none is it surely.

    A name alone, or a network card alone, does not make two machines one: images are cloned and
    adapters change hands. The page of the unit's machines tells of it, and a person decides.
    """
    host, mac = look.host[:64], look.mac[:17]
    called = [one for one in machines if host and one.hostname.lower() == host.lower()]
    for machine in called:
        if mac and mac in machine.macs:
            return machine
    for machine in called:
        if not mac or not machine.macs:
            return _completed(machine, host, mac)
    for machine in machines:
        if mac and mac in machine.macs and not machine.hostname:
            return _completed(machine, host, mac)
    machine = UnitMachine.objects.create(
        unit_id=node.unit_id,
        name=host or mac,
        hostname=host,
        macs=[mac] if mac else [],
        origin=MachineOrigin.LOOK,
    )
    machines.append(machine)
    return machine


def _completed(machine: UnitMachine, host: str, mac: str) -> UnitMachine:
    if (mac and mac not in machine.macs) or machine.hostname != host:
        machine.macs = [*machine.macs, mac] if mac and mac not in machine.macs else machine.macs
        machine.hostname = host
        machine.save(update_fields=["macs", "hostname"])
    return machine
