"""From a notice to a device, to candidates, or to an honest no: pure logic over a World."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from quetsach.addresses import CARRIER, is_within
from quetsach.attribution.model import AttributionStep, Certainty, StepKind
from quetsach.clocks import Zone
from quetsach.notices.by_contact import by_contact
from quetsach.notices.by_translation import by_port_alone, by_translation
from quetsach.notices.candidates import CandidateSet, InsideLead, TraceCandidate, named
from quetsach.notices.model import (
    Candidate,
    Notice,
    NoticeTrace,
    RecordKind,
    RejectedItem,
    TraceOutcome,
)
from quetsach.notices.moments import SLACK_US, VIETNAM, TimeWindow, window_elsewhere, window_of
from quetsach.notices.no_trace import explain_no_trace, lacking_for
from quetsach.notices.output import because_candidates, because_device, reason_word, zone_tried
from quetsach.notices.world import TraceContext
from quetsach.texts import _

MOST_RIVALS = 100
"""So many candidates are kept with a notice; that there are more is said."""


@dataclass(frozen=True)
class _Answer:
    """What one reading of the notice's time has found, and which way found it."""

    window: TimeWindow
    way: CandidateSet
    passing: tuple[TraceCandidate, ...] = ()
    by_log: bool = False
    of_others: bool = False


def trace_notice(
    notice: Notice | RejectedItem, world: TraceContext, *, local: Zone = VIETNAM
) -> NoticeTrace:
    """Return what the item was traced to; `local` is the zone in which times are shown.

    The first way that finds somebody counts: translations, then the machine that holds the public
    address itself, then logs inside that saw the same destination reached.
    """
    if isinstance(notice, RejectedItem):
        return NoticeTrace(notice, TraceOutcome.REJECTED, reason_word(notice.reason))
    unit = world.unit_of_public(notice.address)
    if world.is_ours(notice.address) is False:
        said = _("%(address)s is not among the public addresses given as ours")
        return NoticeTrace(
            notice, TraceOutcome.NOT_OURS, said % {"address": notice.address}, unit=unit
        )
    first = _answer(notice, window_of(notice), world, unit)
    other_window = window_elsewhere(notice, local)
    if first.way:
        return _with_other_zone(_found(notice, first, world, local, unit), other_window, world)
    if other_window is not None:
        second = _answer(notice, other_window, world, unit)
        if second.way:
            return _found(notice, _less_sure(second), world, local, unit)
    return explain_no_trace(
        notice,
        window_of(notice),
        other_window,
        first.passing,
        world,
        local=local,
        unit=unit,
        of_others=first.of_others,
    )


def _answer(notice: Notice, window: TimeWindow, world: TraceContext, unit: str) -> _Answer:
    passing: tuple[TraceCandidate, ...] = ()
    for place, way in enumerate(_ways(notice, window, world, unit)):
        passing += way.passing
        if way:
            return _Answer(window, way, passing, by_log=place == 2)
    return _Answer(window, CandidateSet(), passing, of_others=_is_of_others(passing, window, world))


def _ways(
    notice: Notice, window: TimeWindow, world: TraceContext, unit: str
) -> Iterator[CandidateSet]:
    translated = by_translation(notice, window, world)
    yield translated
    if not translated and _is_of_others(translated.passing, window, world):
        # A neighbour behind the same provider had the port: no log of ours can show who that was.
        return
    yield _directly(notice, window, world)
    yield by_contact(notice, window, world, unit)
    yield by_port_alone(notice, window, world)


def _is_of_others(
    passing: tuple[TraceCandidate, ...], window: TimeWindow, world: TraceContext
) -> bool:
    """Return whether the port led to routers alone that our own logs of that time never have."""
    loose = window.loosened()
    ends = [one.candidate.address for one in passing]
    return (
        bool(ends)
        and all(is_within(one, (CARRIER,)) for one in ends)
        and not any(world.translates(one) or world.unit_of_public(one) for one in ends)
        and any(world.covering(RecordKind.TRANSLATION, loose.from_us, loose.until_us))
    )


def _directly(notice: Notice, window: TimeWindow, world: TraceContext) -> CandidateSet:
    """Return the machine that holds the public address itself, where a record says so."""
    if world.holder(notice.address, notice.port, window.from_us, SLACK_US) is None:
        return CandidateSet()
    lead = InsideLead(
        notice.address,
        notice.port,
        window.from_us,
        Certainty.LIKELY if window.is_wide else Certainty.CERTAIN,
        reasons=(_("it has the public address itself"),),
        steps=(
            AttributionStep(StepKind.DIRECT, notice.address, notice.address, Certainty.CERTAIN),
        ),
    )
    return named((lead,), world)


def _found(
    notice: Notice, answer: _Answer, world: TraceContext, local: Zone, unit: str
) -> NoticeTrace:
    way, window = answer.way, answer.window
    single = way.single
    others = [candidate for candidate in way.found if candidate is not single]
    rivals = _rivals(single, others)
    tried = [zone_tried(window)] if window.zone else []
    if len(rivals) > MOST_RIVALS:
        more = {"count": len(rivals) - MOST_RIVALS}
        tried.append(_("%(count)s further candidates are not listed") % more)
    missing = lacking_for(notice, window, way, world, by_log=answer.by_log)
    if single is None:
        return NoticeTrace(
            notice,
            TraceOutcome.CANDIDATES,
            because_candidates(notice, window, way, local),
            addresses=_addresses(candidate.candidate for candidate in way.found),
            grade=Certainty.AMBIGUOUS,
            rivals=rivals[:MOST_RIVALS],
            missing=missing,
            tried=tuple(tried),
            unit=unit,
        )
    candidate = single.candidate
    grade = Certainty.LIKELY if others and candidate.grade is Certainty.CERTAIN else candidate.grade
    return NoticeTrace(
        notice,
        TraceOutcome.DEVICE,
        because_device(notice, window, candidate, local, by_log=answer.by_log),
        device=candidate.device,
        addresses=_addresses((candidate,)),
        grade=grade,
        rivals=rivals[:MOST_RIVALS],
        steps=candidate.steps,
        missing=missing,
        tried=tuple(tried),
        unit=unit,
    )


def _rivals(single: TraceCandidate | None, others: list[TraceCandidate]) -> tuple[Candidate, ...]:
    """Return the other candidates: those of the way first, then those of lease and inventory."""
    of_records = [*(() if single is None else single.rivals)]
    of_records += [rival for one in others for rival in one.rivals]
    device = "" if single is None else single.candidate.device
    ranked = {one.device: one for one in (*(one.candidate for one in others), *of_records)}
    return tuple(one for one in ranked.values() if one.device != device)


def _addresses(candidates: Iterator[Candidate] | tuple[Candidate, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.address for one in candidates))[:MOST_RIVALS]


def _less_sure(answer: _Answer) -> _Answer:
    """Return the answer for a time read in the other zone: never more than likely."""
    less_sure = tuple(
        replace(one, candidate=replace(one.candidate, grade=Certainty.LIKELY))
        if one.candidate.grade is Certainty.CERTAIN
        else one
        for one in answer.way.found
    )
    return replace(answer, way=replace(answer.way, found=less_sure))


def _with_other_zone(
    trace: NoticeTrace, other: TimeWindow | None, world: TraceContext
) -> NoticeTrace:
    """Return `trace` with the devices of the other zone as rivals, where ours was a guess.

    Reports in UTC say so in their description; a letter's zone is unknown.
    """
    notice = trace.notice
    if other is None or not isinstance(notice, Notice) or notice.zone in ("", "UTC"):
        return trace
    answer = _answer(notice, other, world, trace.unit)
    devices = {trace.device, *(one.device for one in trace.rivals)}
    further = tuple(
        replace(one.candidate, reasons=(zone_tried(other), *one.candidate.reasons))
        for one in answer.way.found
        if one.candidate.device not in devices
    )
    if not further:
        return trace
    grade = Certainty.LIKELY if trace.grade is Certainty.CERTAIN else trace.grade
    rivals = (*trace.rivals, *further)[:MOST_RIVALS]
    return replace(trace, grade=grade, rivals=rivals)
