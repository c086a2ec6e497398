"""Who held an address at a time: which machine, how surely, and by which records."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from quetsach.addresses import canonical_address
from quetsach.attribution.model import (
    AttributionStep,
    Certainty,
    RivalDevice,
    StepKind,
    weaker,
)
from quetsach.attribution.questions import (
    Attribution,
    MissingEvidence,
    SightingEnds,
    SightingRole,
    also,
)
from quetsach.clocks import HERE, MICROSECONDS, Zone, iso_from_us
from quetsach.errors.catalogue import N_
from quetsach.errors.exceptions import Problem, QuetsachError, problem_json
from quetsach.findings.steps import machine_json, steps_json
from quetsach.indicators.model import IndicatorSet
from quetsach.notices.advice import describe_missing_log
from quetsach.notices.model import Notice
from quetsach.notices.moments import SLACK_US, moment_of
from quetsach.notices.trace import trace_notice
from quetsach.scanning.declared_sources import DeclaredSource, read_declared
from quetsach.scanning.job import ReadOptions, network_of, zone_of
from quetsach.sweeping.network_context import GatheredNetwork
from quetsach.sweeping.own_network import OwnTables, read_knowledge
from quetsach.sweeping.sweep import Progress, SweepRequest
from quetsach.sweeping.world import EvidenceTraceContext, gather_trace_context
from quetsach.texts import _

_ADDRESS_STEPS = frozenset(
    {StepKind.DIRECT, StepKind.FORWARDED, StepKind.TRANSLATION, StepKind.PORT_BLOCK}
)
"""Steps from one address to another, which name no machine."""

_MINUTE_US = 60 * MICROSECONDS
_WITH_PORT = re.compile(r"(?:\[([^]]*)\]|([^:]*)):(\d{1,5})", re.ASCII)
_PORTS = range(1, 65_536)

_LACKS = {
    MissingEvidence.NO_TRANSLATION: N_(
        "many machines share this address: give its port as ADDRESS:PORT, and the log of address "
        "translation (NAT) of that time"
    ),
    MissingEvidence.NO_CLIENT_LOG: N_(
        "this machine asks for others: its own log of who asked it would tell which one"
    ),
    MissingEvidence.ADDRESS_FREE: N_(
        "nobody held this address then, as the DHCP records say: a machine with an address set "
        "by hand, or a gap in the records"
    ),
}
_NO_RECORD = N_(
    "no record of that time names the machine: add DHCP leases or logs, a neighbour table "
    "(ARP), or the inventory"
)
_TIME_GUESSED = N_("the time has no zone; %(zone)s was assumed")
_NO_TIME = N_("a day and the time of the day are needed")
_WITHIN_MINUTE = N_("it held the address in the same minute; give the seconds")


@dataclass(frozen=True)
class WhoQuestion:
    """An address, inside or an own public one, with its port where it is known, at a time.

    Units: us since 1970, UTC; both ends are included, equal where the time has its seconds.
    `zone_assumed` names the zone that was taken because the time had none, "" where it had.
    """

    address: str
    from_us: int
    until_us: int
    port: int | None = None
    zone_assumed: str = ""


@dataclass(frozen=True)
class WhoAnswers:
    """The answers, in the order of the questions, and how much of the evidence was read.

    Shapes: each answer has `address`, `port`, `time` (ISO 8601), `zone_assumed` (null where the
    time had one), `device` (null where none can be named), `inside_address`, `grade` (certain,
    likely, ambiguous, unknown), `rivals` (device, because), `steps` and `machine` as in
    devices.json, `role`, `logs` (the paths that it rests on), `missing` and `notes` (sentences).
    `grade` is that of the device, or of `inside_address` where only that is known.
    """

    answers: list[dict[str, Any]]
    problems: tuple[Problem, ...]
    sources: int
    lines: int
    rejects: int

    @property
    def exit_code(self) -> int:
        """0 nobody found, 1 somebody, 3 not all evidence was read (3 wins)."""
        if self.problems or self.rejects:
            return 3
        return 1 if any(_names_somebody(answer) for answer in self.answers) else 0

    def unread_json(self) -> list[dict[str, Any]]:
        """Return what could not be read, as a sweep has it."""
        return [problem_json(problem) for problem in self.problems]


def who_question(address: str, time: str, *, zone: str | None = None) -> WhoQuestion:
    """Return the question that two texts ask: an address or ADDRESS:PORT, and a time.

    A time is ISO 8601, 14/9/2022 08:15 or seconds since 1970; without an offset it is in `zone`.
    Errors: E601 for what is no address, port, or time of the day.
    """
    host, port = _end(address)
    local: Zone = zone_of(HERE if zone is None else zone)
    written = moment_of(time, local)
    if written is None or written.digits == "day":
        raise QuetsachError("E601", "TIME", reason=f"{time} ({_(_NO_TIME)})")
    length = _MINUTE_US if written.digits == "minute" else 1
    assumed = written.zone if zone is None else ""
    return WhoQuestion(host, written.us, written.us + length - 1, port, assumed)


def _end(text: str) -> tuple[str, int | None]:
    """Return the address and port of `a.b.c.d:port`, `[v6]:port` or an address alone."""
    host, port_text = text.strip(), ""
    parts = _WITH_PORT.fullmatch(host)
    if parts is not None:
        host, port_text = parts[1] or parts[2], parts[3]
    elif host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    address = canonical_address(host)
    if address is None or int(port_text or 1) not in _PORTS:
        raise QuetsachError("E601", "ADDRESS", reason=text)
    return address, int(port_text) if port_text else None


def who(
    questions: Sequence[WhoQuestion],
    *,
    evidence: Sequence[str],
    own: OwnTables | None = None,
    zone: str | None = None,
    sources: Sequence[DeclaredSource] | Path = (),
    inside: Sequence[str] = (),
    workers: int | None = None,
    progress: Progress | None = None,
) -> WhoAnswers:
    """Return who was behind each address at its time; the evidence is read once for all of them.

    Shapes: `evidence` are files and folders; `own` the office's own tables; `zone` that of logs
    without one; `sources` a sources.toml or declarations; `inside` the own networks.
    Errors: E262 to E266 for the own tables; E267 for `sources`; E601 for a wrong value; those of a
    sweep for the evidence.
    """
    tables = own or OwnTables()
    knowledge = read_knowledge(tables)
    options = ReadOptions(
        zone=zone_of(HERE if zone is None else zone).key,
        inside=knowledge.inside([str(network_of(network)) for network in inside]),
        zone_declared=zone is not None,
        sources=read_declared(sources),
    )
    sweep = SweepRequest(
        evidence=(*evidence, *tables.leases, *tables.nat),
        indicators=IndicatorSet(()),
        target=Path(),
        options=options,
        workers=workers,
        knowledge=knowledge,
    )
    scene = gather_trace_context(sweep, [_notice(ask) for ask in questions], progress)
    context = scene.world
    assert isinstance(context, EvidenceTraceContext)
    return WhoAnswers(
        answers=[_answer(ask, context, ZoneInfo(options.zone)) for ask in questions],
        problems=scene.problems,
        sources=scene.sources,
        lines=scene.lines,
        rejects=scene.rejects,
    )


def _notice(ask: WhoQuestion) -> Notice:
    """Return the question as a notice of an authority, which a trace answers."""
    digits = "minute" if ask.until_us > ask.from_us else "second"
    return Notice("", 1, ask.address, ask.port, when_us=ask.from_us, time_digits=digits)


def _names_somebody(answer: Mapping[str, Any]) -> bool:
    """Return whether a machine, candidates, or an address behind a translation is named."""
    inside = answer["inside_address"]
    return bool(answer["device"] or answer["rivals"] or inside not in (None, answer["address"]))


def _answer(ask: WhoQuestion, context: EvidenceTraceContext, zone: ZoneInfo) -> dict[str, Any]:
    attributor = context.picture.attributor
    is_inside = attributor.is_inside(ask.address) and not attributor.is_public(ask.address)
    answer = _inside(ask, context, zone) if is_inside else _outside(ask, context, zone)
    if ask.zone_assumed:
        answer["notes"].append(_(_TIME_GUESSED) % {"zone": ask.zone_assumed})
        answer["grade"] = str(weaker(Certainty(answer["grade"]), Certainty.LIKELY))
    return {
        "address": ask.address,
        "port": ask.port,
        "time": iso_from_us(ask.from_us, zone),
        "zone_assumed": ask.zone_assumed or None,
        **answer,
    }


def _inside(ask: WhoQuestion, context: EvidenceTraceContext, zone: ZoneInfo) -> dict[str, Any]:
    """Return who held an inside address, by leases, neighbour tables and the inventory."""
    attribution = _attributed(ask, context.picture)
    is_named = _names_machine(attribution.steps) or attribution.machine is not None
    doubts = [step.note for step in attribution.steps if step.grade is not Certainty.CERTAIN]
    missing = _LACKS.get(attribution.lack, "") or ("" if is_named else _NO_RECORD)
    return {
        "device": attribution.device if is_named and attribution.device else None,
        "inside_address": ask.address,
        "grade": str(attribution.grade if is_named else Certainty.UNKNOWN),
        "rivals": [
            {"device": rival.device, "because": _(rival.reason) if rival.reason else ""}
            for rival in attribution.rivals
        ],
        "steps": steps_json(attribution.steps, zone),
        "machine": machine_json(attribution.machine),
        "role": str(attribution.role),
        "logs": _logs(attribution.steps),
        "missing": _(missing) if missing else "",
        "notes": [_(note) for note in dict.fromkeys(doubts) if note],
    }


def _outside(ask: WhoQuestion, context: EvidenceTraceContext, zone: ZoneInfo) -> dict[str, Any]:
    """Return who was behind a public address, as a trace of a notice finds it."""
    trace = trace_notice(_notice(ask), context, local=zone)
    addresses = {*trace.addresses}
    is_named = bool(trace.device) and _names_machine(trace.steps)
    return {
        "device": trace.device if is_named else None,
        "inside_address": addresses.pop() if len(addresses) == 1 else None,
        "grade": str(trace.grade),
        "rivals": [
            {"device": rival.device, "because": "; ".join(rival.reasons)} for rival in trace.rivals
        ],
        "steps": steps_json(trace.steps, zone),
        "machine": None,
        "role": str(SightingRole.CLIENT if trace.steps else SightingRole.NOBODY),
        "logs": _logs(trace.steps),
        "missing": " ".join(describe_missing_log(log) for log in trace.missing),
        "notes": [] if is_named else [trace.because, *trace.tried],
    }


def _names_machine(steps: Iterable[AttributionStep]) -> bool:
    """Return whether a record or a person names the machine: an address alone is none."""
    return any(step.kind not in _ADDRESS_STEPS for step in steps)


def _attributed(ask: WhoQuestion, picture: GatheredNetwork) -> Attribution:
    """Return the answer for the span of the time: in doubt where its two ends differ."""
    first = _at(ask, picture, ask.from_us)
    if ask.until_us == ask.from_us:
        return first
    last = _at(ask, picture, ask.until_us)
    if last.device == first.device:
        return first if weaker(first.grade, last.grade) is first.grade else last
    named, other = (first, last) if first.device else (last, first)
    rivals = (RivalDevice(other.device, _WITHIN_MINUTE),) if other.device else ()
    return also(named, rivals)


def _at(ask: WhoQuestion, picture: GatheredNetwork, when_us: int) -> Attribution:
    ends = SightingEnds(
        source=ask.address,
        destination=None,
        direction="outbound",
        field="source.ip",
        when_us=when_us,
        source_port=ask.port,
        slack_us=SLACK_US,
    )
    return picture.attributor.attribute(ends)


def _logs(steps: Iterable[AttributionStep]) -> list[str]:
    paths = (step.place.path for step in steps if step.place is not None)
    return list(dict.fromkeys(paths))
