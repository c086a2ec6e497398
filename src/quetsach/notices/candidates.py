"""What one way of tracing has found: devices by rank, and those that only pass on for others."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntFlag, auto

from quetsach.attribution.model import AttributionStep, Certainty, RecordPlace, weaker
from quetsach.inventory.model import NetworkRole
from quetsach.notices.model import Candidate
from quetsach.notices.moments import SLACK_US
from quetsach.notices.world import NamedDevice, TraceContext
from quetsach.texts import _

MOST_PLACES = 10
"""So many records are named for a candidate; more prove nothing further."""

PASSING = frozenset(
    {NetworkRole.RESOLVER, NetworkRole.PROXY, NetworkRole.GATEWAY, NetworkRole.ACCESS_POINT}
)
"""Duties of a device that passes on what others ask, and is not blamed for it."""


class CandidateMark(IntFlag):
    """What speaks for a candidate, each stronger than all before it together."""

    NONE = 0
    REACHED = auto()
    SEEN_INSIDE = auto()
    REMOTE_PORT = auto()
    OWN_PORT = auto()


@dataclass(frozen=True)
class TraceCandidate:
    """A device that may have been meant, what speaks for it, and how far off in time it was.

    Shapes: `rivals` are those of the lease or the inventory. Units: us.
    """

    candidate: Candidate
    marks: CandidateMark
    distance_us: int
    duty: NetworkRole = NetworkRole.ORDINARY
    rivals: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class CandidateSet:
    """All that one way found: devices, the likeliest first, and devices that only pass on."""

    found: tuple[TraceCandidate, ...] = ()
    passing: tuple[TraceCandidate, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.found)

    @property
    def single(self) -> TraceCandidate | None:
        """The one device for which more speaks than for all others; None where there is none."""
        if not self.found:
            return None
        first, rest = self.found[0], self.found[1:]
        is_alone = not rest or first.marks > rest[0].marks
        sure = first.candidate.grade in (Certainty.CERTAIN, Certainty.LIKELY)
        return first if is_alone and sure else None


@dataclass(frozen=True)
class InsideLead:
    """An inside address that a way leads to, before the device behind it is known."""

    address: str
    port: int | None
    when_us: int | None
    grade: Certainty
    marks: CandidateMark = CandidateMark.NONE
    distance_us: int = 0
    reasons: tuple[str, ...] = ()
    places: tuple[RecordPlace, ...] = ()
    steps: tuple[AttributionStep, ...] = ()


def named(leads: Iterable[InsideLead], world: TraceContext) -> CandidateSet:
    """Return the devices behind `leads`, each once, ranked."""
    by_device: dict[str, TraceCandidate] = {}
    for lead in leads:
        candidate = _found(lead, world)
        previous = by_device.get(candidate.candidate.device)
        by_device[candidate.candidate.device] = (
            candidate if previous is None else _joined(previous, candidate)
        )
    ranked = sorted(by_device.values(), key=_rank)
    return CandidateSet(
        tuple(candidate for candidate in ranked if candidate.duty not in PASSING),
        tuple(candidate for candidate in ranked if candidate.duty in PASSING),
    )


def _rank(one: TraceCandidate) -> tuple[int, int, int, str]:
    order = list(Certainty).index(one.candidate.grade)
    return -one.marks, one.distance_us, order, one.candidate.device


def _found(lead: InsideLead, world: TraceContext) -> TraceCandidate:
    who = world.holder(lead.address, lead.port, lead.when_us, SLACK_US)
    if who is None:
        # No record names the machine; the address itself is what can be looked for.
        who = NamedDevice(lead.address, lead.address, Certainty.LIKELY)
    candidate = Candidate(
        device=who.device or lead.address,
        address=lead.address,
        grade=weaker(lead.grade, who.grade),
        reasons=lead.reasons,
        places=lead.places,
        when_us=lead.when_us,
        steps=(*lead.steps, *who.steps),
    )
    rivals = tuple(
        Candidate(
            one.device,
            lead.address,
            Certainty.AMBIGUOUS,
            (_(one.reason),) if one.reason else (),
            () if one.place is None else (one.place,),
            lead.when_us,
        )
        for one in who.rivals
    )
    return TraceCandidate(candidate, lead.marks, lead.distance_us, who.duty, rivals)


def _joined(one: TraceCandidate, other: TraceCandidate) -> TraceCandidate:
    """Return the stronger of two findings of one device, with the records of both."""
    first, second = sorted((one, other), key=_rank)
    places = tuple(dict.fromkeys((*first.candidate.places, *second.candidate.places)))
    candidate = replace(first.candidate, places=places[:MOST_PLACES])
    rivals = tuple({rival.device: rival for rival in (*second.rivals, *first.rivals)}.values())
    return replace(first, candidate=candidate, marks=first.marks | second.marks, rivals=rivals)
