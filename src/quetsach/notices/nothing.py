"""When nobody was found: whether the logs could have told, and which log would have."""

from collections.abc import Iterator
from dataclasses import dataclass

from quetsach.attribute.model import StepKind
from quetsach.clocks import MICROSECONDS, Zone
from quetsach.inventory.model import Duty
from quetsach.notices.by_contact import nearest_us
from quetsach.notices.found import Found, Way
from quetsach.notices.model import Kind, Lack, Notice, Outcome, Trace
from quetsach.notices.said import end_text, remote_text, when_text
from quetsach.notices.window import VIETNAM, Window
from quetsach.notices.world import World
from quetsach.texts import _

MOST_NAMED = 5
"""So many sources are named in a sentence."""

_NAMING = frozenset({StepKind.LEASE, StepKind.NEIGHBOUR, StepKind.INVENTORY, StepKind.OVERRIDE})
_OF_DUTY = {
    Duty.RESOLVER: Lack.RESOLVER_LOG,
    Duty.PROXY: Lack.PROXY_LOG,
    Duty.GATEWAY: Lack.TRANSLATION,
    Duty.ACCESS_POINT: Lack.TRANSLATION,
}


@dataclass(frozen=True)
class _Looked:
    """Which logs span the time of a notice, and whether they could have answered it."""

    translations: tuple[str, ...]
    contacts: tuple[str, ...]
    leases: tuple[str, ...]
    is_translated: bool
    has_remote: bool

    @property
    def answering(self) -> tuple[str, ...]:
        """The sources that would have shown the machine, had they seen it."""
        contacts = self.contacts if self.has_remote else ()
        translations = self.translations if self.is_translated else ()
        return tuple(dict.fromkeys((*translations, *contacts)))


def _looked(notice: Notice, window: Window, passing: tuple[Found, ...], world: World) -> _Looked:
    loose = window.loosened()

    def covering(kind: Kind) -> tuple[str, ...]:
        return world.covering(kind, loose.from_us, loose.until_us)

    return _Looked(
        translations=covering(Kind.TRANSLATION),
        contacts=covering(Kind.CONTACT),
        leases=covering(Kind.LEASE),
        is_translated=any(
            map(world.translates, (notice.address, *(one.candidate.address for one in passing)))
        ),
        has_remote=bool(notice.remote_address or notice.remote_name),
    )


def nothing_found(
    notice: Notice,
    window: Window,
    other: Window | None,
    passing: tuple[Found, ...],
    world: World,
    *,
    local: Zone = VIETNAM,
    unit: str = "",
    of_others: bool = False,
) -> Trace:
    """Return NO_DATA where no log could have told, CANNOT_TELL where logs saw nothing of it.

    `of_others` says that the port led to routers alone that none of our logs of that time knows.
    """
    looked = _looked(notice, window, passing, world)
    if looked.translations:
        # Its own log was read, and shows nothing of it.
        passing = tuple(one for one in passing if not world.translates(one.candidate.address))
    facts = {
        "end": end_text(notice),
        "time": when_text(notice, window, local),
        "remote": remote_text(notice),
    }
    if passing and of_others:
        outcome, because = Outcome.NO_DATA, _others_said(passing)
    elif passing:
        outcome, because = Outcome.NO_DATA, _passing_said(passing)
    elif looked.answering:
        outcome = Outcome.CANNOT_TELL
        because = (
            _("The logs span %(time)s, but none shows %(end)s or a way to its destination.") % facts
        )
    else:
        outcome = Outcome.NO_DATA
        because = _("No log that would show it spans %(time)s.") % facts
    return Trace(
        notice,
        outcome,
        because,
        addresses=tuple(dict.fromkeys(one.candidate.address for one in passing)),
        steps=passing[0].candidate.steps if passing else (),
        missing=_lacking(notice, looked, passing, world),
        tried=() if of_others else tuple(_tried(notice, window, other, looked, world, unit)),
        unit=unit,
    )


def _named(passing: tuple[Found, ...]) -> dict[str, str]:
    devices = dict.fromkeys(one.candidate.device for one in passing)
    return {"names": ", ".join([*devices][:MOST_NAMED])}


def _others_said(passing: tuple[Found, ...]) -> str:
    said = _(
        "The provider had given that port to %(names)s, which no translation log of that time "
        "knows: it is the router of another customer, or one of ours that keeps no log."
    )
    return said % _named(passing)


def _passing_said(passing: tuple[Found, ...]) -> str:
    return _(
        "Only %(names)s was seen, which passes on what others ask; its own log would tell who."
    ) % _named(passing)


def _tried(
    notice: Notice,
    window: Window,
    other: Window | None,
    looked: _Looked,
    world: World,
    unit: str,
) -> Iterator[str]:
    if looked.answering:
        names = ", ".join(looked.answering[:MOST_NAMED])
        yield _("Looked in %(names)s, with 5 minutes for clocks on both sides.") % {"names": names}
    if other is not None:
        yield _("Also tried: the time as meant in the zone %(zone)s.") % {"zone": other.zone}
    if looked.has_remote and not notice.remote_address:
        yield _("The destination is told by name only; a log without names cannot show it.")
    away = nearest_us(notice, window, world, unit)
    if away is not None:
        minutes = {"minutes": away // (60 * MICROSECONDS)}
        yield _("The nearest contact with that destination is %(minutes)s minutes away.") % minutes
    if not looked.is_translated and looked.translations:
        yield _("The translation log never has this public address; another device gives it out.")


def _lacking(
    notice: Notice, looked: _Looked, passing: tuple[Found, ...], world: World
) -> tuple[Lack, ...]:
    wanted = {_OF_DUTY[one.duty] for one in passing if one.duty in _OF_DUTY}
    if not looked.translations:
        wanted.add(Lack.TRANSLATION)
    elif not looked.is_translated and not _was_translated(passing):
        wanted.add(Lack.OUTER_TRANSLATION)
    if looked.has_remote and not looked.contacts:
        wanted.add(Lack.CONTACT)
    if world.is_ours(notice.address) is None:
        wanted.add(Lack.OWN_ADDRESSES)
    wanted |= _untold(notice)
    return tuple(one for one in Lack if one in wanted)


def _was_translated(passing: tuple[Found, ...]) -> bool:
    kinds = {step.kind for one in passing for step in one.candidate.steps}
    return bool(kinds & {StepKind.TRANSLATION, StepKind.PORT_BLOCK})


def _untold(notice: Notice) -> set[Lack]:
    wanted = set()
    if notice.port is None:
        wanted.add(Lack.PORT)
    if notice.when_us is None or notice.time_digits == "day":
        wanted.add(Lack.TIME)
    return wanted


def lacking_for(
    notice: Notice, window: Window, way: Way, world: World, *, by_log: bool
) -> tuple[Lack, ...]:
    """Return what would have made an answer surer; empty where it is as sure as can be."""
    loose = window.loosened()
    wanted: set[Lack] = set()
    if way.single is None or by_log:
        wanted |= _untold(notice)
        if not world.covering(Kind.TRANSLATION, loose.from_us, loose.until_us):
            wanted.add(Lack.TRANSLATION)
    named_by = {step.kind for one in way.found for step in one.candidate.steps}
    leases = world.covering(Kind.LEASE, loose.from_us, loose.until_us)
    if not named_by & _NAMING and not leases:
        wanted.add(Lack.LEASE)
    return tuple(one for one in Lack if one in wanted)
