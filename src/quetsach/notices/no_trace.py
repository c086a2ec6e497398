"""When no device was found: whether the logs could have shown it, and which log is missing."""

from collections.abc import Iterator
from dataclasses import dataclass

from quetsach.attribution.model import StepKind
from quetsach.clocks import MICROSECONDS, Zone
from quetsach.inventory.model import NetworkRole
from quetsach.notices.by_contact import nearest_us
from quetsach.notices.candidates import CandidateSet, TraceCandidate
from quetsach.notices.model import MissingLog, Notice, NoticeTrace, RecordKind, TraceOutcome
from quetsach.notices.moments import VIETNAM, TimeWindow
from quetsach.notices.output import end_text, remote_text, when_text
from quetsach.notices.world import TraceContext
from quetsach.texts import _

MOST_NAMED = 5
"""So many sources are named in a sentence."""

_NAMING = frozenset({StepKind.LEASE, StepKind.NEIGHBOUR, StepKind.INVENTORY, StepKind.OVERRIDE})
_OF_DUTY = {
    NetworkRole.RESOLVER: MissingLog.RESOLVER_LOG,
    NetworkRole.PROXY: MissingLog.PROXY_LOG,
    NetworkRole.GATEWAY: MissingLog.TRANSLATION,
    NetworkRole.ACCESS_POINT: MissingLog.TRANSLATION,
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


def _looked(
    notice: Notice, window: TimeWindow, passing: tuple[TraceCandidate, ...], world: TraceContext
) -> _Looked:
    loose = window.loosened()

    def covering(kind: RecordKind) -> tuple[str, ...]:
        return world.covering(kind, loose.from_us, loose.until_us)

    return _Looked(
        translations=covering(RecordKind.TRANSLATION),
        contacts=covering(RecordKind.CONTACT),
        leases=covering(RecordKind.LEASE),
        is_translated=any(
            map(world.translates, (notice.address, *(one.candidate.address for one in passing)))
        ),
        has_remote=bool(notice.remote_address or notice.remote_name),
    )


def explain_no_trace(
    notice: Notice,
    window: TimeWindow,
    other: TimeWindow | None,
    passing: tuple[TraceCandidate, ...],
    world: TraceContext,
    *,
    local: Zone = VIETNAM,
    unit: str = "",
    of_others: bool = False,
) -> NoticeTrace:
    """Return NO_DATA where no log could have shown it, CANNOT_TELL where the logs have nothing.

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
        outcome, because = TraceOutcome.NO_DATA, _others_said(passing)
    elif passing:
        outcome, because = TraceOutcome.NO_DATA, _passing_said(passing)
    elif looked.answering:
        outcome = TraceOutcome.CANNOT_TELL
        because = (
            _("The logs cover %(time)s, but none shows %(end)s or a connection to its destination.")
            % facts
        )
    else:
        outcome = TraceOutcome.NO_DATA
        because = _("No log that would show it covers %(time)s.") % facts
    return NoticeTrace(
        notice,
        outcome,
        because,
        addresses=tuple(dict.fromkeys(one.candidate.address for one in passing)),
        steps=passing[0].candidate.steps if passing else (),
        missing=_lacking(notice, looked, passing, world),
        tried=() if of_others else tuple(_tried(notice, window, other, looked, world, unit)),
        unit=unit,
    )


def _named(passing: tuple[TraceCandidate, ...]) -> dict[str, str]:
    devices = dict.fromkeys(one.candidate.device for one in passing)
    return {"names": ", ".join([*devices][:MOST_NAMED])}


def _others_said(passing: tuple[TraceCandidate, ...]) -> str:
    sentence = _(
        "The provider had assigned that port to %(names)s, which appears in no translation log "
        "of that time: it is the router of another customer, or one of ours that keeps no log."
    )
    return sentence % _named(passing)


def _passing_said(passing: tuple[TraceCandidate, ...]) -> str:
    return _(
        "Only %(names)s was seen, which forwards the queries of others; its own log would show "
        "who sent them."
    ) % _named(passing)


def _tried(
    notice: Notice,
    window: TimeWindow,
    other: TimeWindow | None,
    looked: _Looked,
    world: TraceContext,
    unit: str,
) -> Iterator[str]:
    if looked.answering:
        names = ", ".join(looked.answering[:MOST_NAMED])
        yield _("Searched %(names)s, allowing 5 minutes on both sides for clock differences.") % {
            "names": names
        }
    if other is not None:
        yield _("Also tried: the time read in the zone %(zone)s.") % {"zone": other.zone}
    if looked.has_remote and not notice.remote_address:
        yield _("The destination is given by name only; a log without names cannot show it.")
    away = nearest_us(notice, window, world, unit)
    if away is not None:
        minutes = {"minutes": away // (60 * MICROSECONDS)}
        yield _("The nearest contact with that destination is %(minutes)s minutes away.") % minutes
    if not looked.is_translated and looked.translations:
        yield _(
            "The translation log never contains this public address; another device translates "
            "to it."
        )


def _lacking(
    notice: Notice, looked: _Looked, passing: tuple[TraceCandidate, ...], world: TraceContext
) -> tuple[MissingLog, ...]:
    lacking = {_OF_DUTY[one.duty] for one in passing if one.duty in _OF_DUTY}
    if not looked.translations:
        lacking.add(MissingLog.TRANSLATION)
    elif not looked.is_translated and not _was_translated(passing):
        lacking.add(MissingLog.OUTER_TRANSLATION)
    if looked.has_remote and not looked.contacts:
        lacking.add(MissingLog.CONTACT)
    if world.is_ours(notice.address) is None:
        lacking.add(MissingLog.OWN_ADDRESSES)
    lacking |= _untold(notice)
    return tuple(one for one in MissingLog if one in lacking)


def _was_translated(passing: tuple[TraceCandidate, ...]) -> bool:
    kinds = {step.kind for one in passing for step in one.candidate.steps}
    return bool(kinds & {StepKind.TRANSLATION, StepKind.PORT_BLOCK})


def _untold(notice: Notice) -> set[MissingLog]:
    lacking = set()
    if notice.port is None:
        lacking.add(MissingLog.PORT)
    if notice.when_us is None or notice.time_digits == "day":
        lacking.add(MissingLog.TIME)
    return lacking


def lacking_for(
    notice: Notice, window: TimeWindow, way: CandidateSet, world: TraceContext, *, by_log: bool
) -> tuple[MissingLog, ...]:
    """Return what would have made an answer surer; empty where it is as sure as can be."""
    loose = window.loosened()
    lacking: set[MissingLog] = set()
    if way.single is None or by_log:
        lacking |= _untold(notice)
        if not world.covering(RecordKind.TRANSLATION, loose.from_us, loose.until_us):
            lacking.add(MissingLog.TRANSLATION)
    named_by = {step.kind for one in way.found for step in one.candidate.steps}
    leases = world.covering(RecordKind.LEASE, loose.from_us, loose.until_us)
    if not named_by & _NAMING and not leases:
        lacking.add(MissingLog.LEASE)
    return tuple(one for one in MissingLog if one in lacking)
