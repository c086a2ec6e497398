"""From a public address and port through one or two translators to the devices inside."""

from collections.abc import Iterator
from dataclasses import dataclass

from quetsach.attribution.model import (
    AttributionStep,
    Certainty,
    InsideEndpoint,
    OutsideEndpoint,
    weaker,
)
from quetsach.notices.candidates import CandidateMark, CandidateSet, InsideLead, named
from quetsach.notices.model import Notice
from quetsach.notices.moments import TimeWindow
from quetsach.notices.world import TraceContext
from quetsach.texts import _


@dataclass(frozen=True)
class _Question:
    """One question to the translations, how sure its answers are at best, and what to say."""

    outside: OutsideEndpoint
    cap: Certainty
    reason: str = ""


def by_translation(notice: Notice, window: TimeWindow, world: TraceContext) -> CandidateSet:
    """Return the devices whose connections were translated to the notice's address at that time.

    The narrowest question that has an answer counts: with the port and the destination before
    those that ask for less.
    """
    with_port = notice.port is not None
    questions = _with_port(notice, window) if with_port else _without_port(notice, window)
    return _first_answer(notice, window, questions, world)


def by_port_alone(notice: Notice, window: TimeWindow, world: TraceContext) -> CandidateSet:
    """Return who used the notice's port at that time for another destination: never a surety.

    A sender may mask or mistake the destination; but routers also give one port to several
    machines at once where their destinations differ (RFC 4787, 4.1), so that nobody is named.
    """
    if notice.port is None or not notice.remote_address:
        return CandidateSet()
    reason = _("the port was in use at that time, but for another destination")
    outside = _outside(notice, window, remote=False)
    question = _Question(outside, Certainty.AMBIGUOUS, reason)
    return _first_answer(notice, window, iter((question,)), world, port_needed=True)


def _first_answer(
    notice: Notice,
    window: TimeWindow,
    questions: Iterator[_Question],
    world: TraceContext,
    *,
    port_needed: bool = False,
) -> CandidateSet:
    for question in questions:
        leads = [
            _lead(notice, window, question, chain)
            for chain in world.translations(question.outside)
            if chain and not (port_needed and _loses_port(chain))
        ]
        if leads:
            return named(_told_apart(notice, window, leads, world), world)
    return CandidateSet()


def _loses_port(chain: tuple[InsideEndpoint, ...]) -> bool:
    """Return whether a translation of `chain` was asked about without port.

    A port block leads to the office's router and tells nothing of the ports behind it.
    """
    return any(one.port is None for one in chain[:-1])


def _with_port(notice: Notice, window: TimeWindow) -> Iterator[_Question]:
    best = Certainty.LIKELY if window.is_wide else Certainty.CERTAIN
    loose = window.loosened()
    has_remote = bool(notice.remote_address)
    nearly = _("the clocks may be a few minutes apart")
    yield _Question(_outside(notice, window, remote=has_remote), best)
    yield _Question(_outside(notice, loose, remote=has_remote), Certainty.LIKELY, nearly)


def _without_port(notice: Notice, window: TimeWindow) -> Iterator[_Question]:
    loose = window.loosened()
    if notice.remote_address:
        same = _("its connections to the same destination were translated at that time")
        yield _Question(
            _outside(notice, loose, remote=True, remote_port=False), Certainty.LIKELY, same
        )
    else:
        some = _("it used this public address at that time; no record shows the port")
        yield _Question(_outside(notice, loose, remote=False), Certainty.AMBIGUOUS, some)


def _outside(
    notice: Notice, window: TimeWindow, *, remote: bool, remote_port: bool = True
) -> OutsideEndpoint:
    return OutsideEndpoint(
        address=notice.address,
        port=notice.port,
        when_us=window.from_us,
        until_us=window.until_us,
        remote=notice.remote_address if remote else "",
        remote_port=notice.remote_port if remote and remote_port else None,
        transport=notice.transport,
    )


def _lead(
    notice: Notice, window: TimeWindow, question: _Question, chain: tuple[InsideEndpoint, ...]
) -> InsideLead:
    grade = question.cap
    steps: list[AttributionStep] = []
    before = _end(notice.address, notice.port)
    for inner in chain:
        grade = weaker(grade, inner.grade)
        after = _end(inner.address, inner.port)
        steps.append(
            AttributionStep(
                inner.kind,
                before,
                after,
                inner.grade,
                inner.place,
                inner.start_us,
                inner.end_us,
                inner.reason,
            )
        )
        before = after
    last = chain[-1]
    distance = max(window.distance_us(one.start_us, one.end_us) for one in chain)
    return InsideLead(
        address=last.address,
        port=last.port,
        when_us=_moment(window, last),
        grade=grade,
        distance_us=distance,
        reasons=(question.reason,) if question.reason else (),
        places=tuple(one.place for one in chain if one.place is not None),
        steps=tuple(steps),
    )


def _moment(window: TimeWindow, inner: InsideEndpoint) -> int | None:
    """Return the moment for which the lease is looked up: within both spans where they meet."""
    if window.from_us is None or inner.start_us is None:
        return inner.start_us if window.from_us is None else window.from_us
    return max(window.from_us, inner.start_us) if window.is_wide else window.from_us


def _told_apart(
    notice: Notice, window: TimeWindow, leads: list[InsideLead], world: TraceContext
) -> Iterator[InsideLead]:
    """Yield the leads, each marked by what else speaks for it: remote port, a log inside."""
    on_port = _on_remote_port(notice, window, world)
    inside = _seen_inside(notice, window, world)
    for lead in leads:
        marks = lead.marks
        reasons = list(lead.reasons)
        if (lead.address, lead.port) in on_port:
            marks |= CandidateMark.REMOTE_PORT
            reasons.append(_("to the same port of the destination"))
        if lead.address in inside:
            marks |= CandidateMark.SEEN_INSIDE
            reasons.append(_("an inside log shows it reaching the same destination at that time"))
        yield InsideLead(
            lead.address,
            lead.port,
            lead.when_us,
            lead.grade,
            marks,
            lead.distance_us,
            tuple(reasons),
            lead.places,
            lead.steps,
        )


def _on_remote_port(
    notice: Notice, window: TimeWindow, world: TraceContext
) -> frozenset[tuple[str, int | None]]:
    if notice.port is not None or not notice.remote_address or notice.remote_port is None:
        return frozenset()
    chains = world.translations(_outside(notice, window.loosened(), remote=True))
    return frozenset((chain[-1].address, chain[-1].port) for chain in chains if chain)


def _seen_inside(notice: Notice, window: TimeWindow, world: TraceContext) -> frozenset[str]:
    if not notice.remote_address and not notice.remote_name:
        return frozenset()
    remote = (notice.remote_address, notice.remote_port, notice.remote_name)
    loose = window.loosened()
    return frozenset(one.address for one in world.contacts(remote, loose.from_us, loose.until_us))


def _end(address: str, port: int | None) -> str:
    if port is None:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
