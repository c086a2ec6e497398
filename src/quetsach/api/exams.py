"""An exam: made, its connections left to the machines, and graded by a blind sweep and trace."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from msgspec import structs, to_builtins

from quetsach import __version__
from quetsach.addresses import parse_address
from quetsach.api.lists import HERE
from quetsach.api.sweeps import sweep, sweep_request
from quetsach.api.traces import trace, trace_request
from quetsach.atomic_files import read_at_most, write_whole
from quetsach.attribution.model import Certainty
from quetsach.clocks import MICROSECONDS
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.evidence.find import find_evidence
from quetsach.exams.drawing import ExamOptions, draw_exam, new_seed
from quetsach.exams.judging import (
    ExamStatement,
    JudgedOccasion,
    NamedMachine,
    judge_occasions,
    named_by_text,
)
from quetsach.exams.receipts import ConnectionReceipt, machines_of, read_receipts
from quetsach.exams.result import RESULT as RESULT
from quetsach.exams.result import (
    ExamResult,
    outcome_counts,
    rates_by_grade,
    rates_by_way,
    read_result,
    result_bytes,
    rows_of,
    tables_digests,
)
from quetsach.exams.scripts import scripts_of
from quetsach.exams.server_log import ServerContact, ServerLog, notices_csv, read_server_log
from quetsach.exams.sightings import said_in
from quetsach.exams.truth import ExamTruth, exam_id, open_truth, seal_truth
from quetsach.findings.folder import new_folder, read_folder
from quetsach.indicators.allow.exam_marks import EXAM_LABEL, LIST_HEADINGS
from quetsach.indicators.model import IndicatorKind
from quetsach.inventory.read import read_inventory
from quetsach.scanning.job import moment_us, zone_of
from quetsach.sweeping.own_network import OwnTables
from quetsach.sweeping.sweep import Progress, SweepRequest
from quetsach.texts import _

LIST, RUN, RECEIPTS, NOTICES = "list.csv", "run", "receipts", "notices.csv"

_SERVER = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::(\d{1,5}))?|([0-9.]+)(?::(\d{1,5}))?")


@dataclass(frozen=True)
class MadeExam:
    """A new exam: its commitment, to be noted down, and how much it asks of how many machines."""

    folder: Path
    commitment: str
    machines: int
    occasions: int
    until_s: int = 0


def make_exam(
    folder: Path,
    *,
    machines: Sequence[Path],
    name: str,
    from_time: str,
    until_time: str,
    server: str = "",
    each: int = 1,
    sample: int | None = None,
    zone: str | None = None,
    seed: str | None = None,
) -> MadeExam:
    """Write a new exam into `folder`, its truth sealed first, and return its commitment.

    `seed` is for tests; nobody else may know it.
    Errors: E301, E302 for the folder; E320 for an exam that cannot be; E262 for the table; E601 for
    a time.
    """
    from_us = moment_us("--from", from_time, zone or HERE)
    until_us = moment_us("--to", until_time, zone or HERE)
    address, port = _server_of(server)
    wishes = ExamOptions(
        domain=name,
        from_s=(from_us or 0) // MICROSECONDS,
        until_s=(until_us or 0) // MICROSECONDS,
        each=each,
        sample=sample,
        server=address,
        server_port=port,
    )
    truth = draw_exam(read_inventory(*machines).machines, wishes, seed or new_seed())
    with new_folder(folder) as draft:
        commitment = seal_truth(draft, truth)
        (draft / LIST).write_text(_list_csv(truth), encoding="utf-8")
        (draft / RECEIPTS).mkdir()
        (draft / RUN).mkdir(mode=0o700)
        for script, content in scripts_of(truth, exam_id(commitment)):
            (draft / RUN / script).write_bytes(content)
    asked = {occasion.machine for occasion in truth.occasions}
    return MadeExam(folder, commitment, len(asked), len(truth.occasions), truth.until_s)


def _server_of(text: str) -> tuple[str, int]:
    """Return address and port of the exam's server; ("", 80) where none is named. Errors: E320."""
    bare = parse_address(text)
    if not text or bare is not None:
        return ("" if bare is None else str(bare)), 80
    parts = _SERVER.fullmatch(text)
    address = parse_address(parts[1] or parts[3]) if parts else None
    port = int((parts[2] or parts[4] or 80) if parts else 0)
    if address is None or not 0 < port < 65_536:
        reason = _("%(server)s is no address; right are 203.0.113.80, 203.0.113.80:8080")
        raise QuetsachError("E320", "--server", reason=reason % {"server": text})
    return str(address), port


def _list_csv(truth: ExamTruth) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(LIST_HEADINGS)
    rows.writerows((truth.mark_name(one.mark), EXAM_LABEL) for one in truth.occasions)
    if truth.server:
        host = f"[{truth.server}]" if ":" in truth.server else truth.server
        rows.writerow((f"{host}:{truth.server_port}", EXAM_LABEL))
    return out.getvalue()


@dataclass(frozen=True)
class GradeRequest:
    """Which exam to grade, with which evidence, read as a sweep reads it.

    Shapes: `zone` and `sources` as for a sweep; `noted` is the commitment as somebody noted it
    down, None where nobody did; `server_log` is what the exam's server saw, see
    exams/server_log.py.
    """

    folder: Path
    evidence: Sequence[str]
    own: OwnTables = field(default_factory=OwnTables)
    zone: str | None = None
    sources: Path | None = None
    inside: Sequence[str] = ()
    server_log: Path | None = None
    noted: str | None = None
    workers: int | None = None


@dataclass(frozen=True)
class GradedExam:
    """The result of an exam, where the blind sweep's findings are, and what could not be read."""

    result: ExamResult
    findings: Path
    problems: tuple[Problem, ...]
    unread: Sequence[Mapping[str, Any]]


def grade_exam(request: GradeRequest, progress: Progress | None = None) -> GradedExam:
    """Grade an exam, write its result beside it, and return it.

    The sweep knows the list alone. The truth is opened to see that it is whole, and is held against
    what the sweep says when that is written.
    Errors: E321, E322 for the exam; E324 for its folder among the evidence; those of a sweep.
    """
    truth, commitment = open_truth(request.folder, request.noted)
    _refuse_own_folder(request)
    _check_list(request.folder / LIST, truth)
    reading = read_receipts(request.folder / RECEIPTS, truth, exam_id(commitment))
    # Before the sweep: a log that is not there leaves nothing half done.
    log = None if request.server_log is None else read_server_log(request.server_log, truth)
    target = _free(request.folder, "findings")
    unread, server_key = _blind_sweep(request, target, progress)
    said = said_in(read_folder(target), truth, reading.receipts, server_key)
    judged = judge_occasions(truth, reading.receipts, said.statements, said.seen)
    traced = {} if log is None else _traced(request, truth, reading.receipts, log)
    problems = () if log is None else log.problems
    done = [one.when_s for one in truth.occasions if one.mark in reading.receipts]
    last_s = max(done, default=truth.from_s)
    zone = zone_of(request.zone or HERE)
    traces = [occasion for occasion, _because in traced.values()]
    result = ExamResult(
        version=__version__,
        exam=exam_id(commitment),
        commitment=commitment,
        domain=truth.domain,
        zone=zone.key,
        day=datetime.fromtimestamp(last_s, tz=zone).date().isoformat(),
        last_s=last_s,
        drawn=len(truth.occasions),
        machines=len(machines_of(reading.receipts.values(), truth)),
        outcomes=outcome_counts(judged),
        grades=rates_by_grade(judged),
        ways=rates_by_way(judged),
        trace_outcomes=outcome_counts(traces),
        traced=rates_by_grade(traces),
        tables=tables_digests(_tables(request.own, request.sources)),
        rows=rows_of(truth, judged, traced),
    )
    write_whole(request.folder / RESULT, result_bytes(result), "E406")
    return GradedExam(result, target, (*reading.problems, *problems), unread)


def result_json(result: ExamResult) -> dict[str, Any]:
    """Return a result as plain values, under the names of result.json."""
    return dict(to_builtins(result))


def with_exam(request: SweepRequest, path: Path, sources: Path | None = None) -> SweepRequest:
    """Return a sweep that carries the exam at `path`, and says where it no longer fits.

    Errors: E325 for what is no result of an exam; E101, E104.
    """
    tables = _tables(request.knowledge.own, sources)
    return replace(request, exam=read_result(path, tables))


def _tables(own: OwnTables, sources: Path | None) -> list[Path]:
    return [*own.inventory, *own.plan, *([] if sources is None else [sources])]


def _refuse_own_folder(request: GradeRequest) -> None:
    home = request.folder.resolve()
    named = [*request.evidence, *request.own.leases, *request.own.nat]
    for file in find_evidence([text for text in named if text != "-"])[0]:
        if file.location.resolve().is_relative_to(home):
            raise QuetsachError("E324", file.shown)


def _check_list(path: Path, truth: ExamTruth) -> None:
    """Raise E321 unless the list is that of the truth: a mark that is left out is never wrong."""
    wanted = _list_csv(truth).encode()
    if not path.is_file() or read_at_most(path, len(wanted)) != wanted:
        raise QuetsachError("E321", str(path), reason=path.name)


def _free(folder: Path, name: str) -> Path:
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(path for path in (folder / text for text in names) if not path.exists())


def _blind_sweep(
    request: GradeRequest, target: Path, progress: Progress | None
) -> tuple[Sequence[Mapping[str, Any]], str]:
    """Sweep for the list alone; return what was not read, and the key of the exam's server."""
    blind = sweep_request(
        evidence=request.evidence,
        lists=[request.folder / LIST],
        out=target,
        zone=request.zone,
        sources=request.sources or (),
        inside=request.inside,
        # The server of an exam may stand in the own network.
        accept_private=True,
        workers=request.workers,
        own=request.own,
    )
    # Here, and nowhere else, a mark counts as if it were malware.
    marks = [structs.replace(one, allow_classes=()) for one in blind.indicators.indicators]
    servers = (one.key for one in marks if one.kind is IndicatorKind.ADDRESS)
    indicators = replace(blind.indicators, indicators=tuple(marks))
    summary = sweep(replace(blind, indicators=indicators), progress)
    return summary["unread"], next(servers, "")


def _traced(
    request: GradeRequest,
    truth: ExamTruth,
    receipts: Mapping[str, ConnectionReceipt],
    log: ServerLog,
) -> dict[str, tuple[JudgedOccasion, str]]:
    """Return by mark how the notice about it came out, with its sentence."""
    contacts = {mark: log.contacts[mark] for mark in sorted(log.contacts) if mark in receipts}
    if not contacts:
        return {}
    said, sentences = _trace_statements(request, truth, contacts)
    judged = judge_occasions(truth, receipts, said, contacts)
    return {
        occasion.mark: (occasion, sentences.get(occasion.mark, ""))
        for occasion in judged
        if occasion.mark in contacts
    }


def _trace_statements(
    request: GradeRequest, truth: ExamTruth, contacts: Mapping[str, ServerContact]
) -> tuple[dict[str, list[ExamStatement]], dict[str, str]]:
    notices = request.folder / NOTICES
    write_whole(notices, notices_csv(contacts, truth).encode(), "E406")
    own = request.own
    answer = trace(
        trace_request(
            notices=[str(notices)],
            evidence=request.evidence,
            leases=own.leases,
            nat=own.nat,
            inventory=own.inventory,
            plans=own.plan,
            public=own.public,
            overrides=own.overrides,
            zone=request.zone,
            sources=request.sources or (),
            inside=request.inside,
            accept_private=True,
            workers=request.workers,
        )
    )
    marks = list(contacts)
    rows = {marks[row["notice"]["number"] - 1]: row for row in answer["notices"]}
    said = {mark: list(_said_by_trace(row, truth)) for mark, row in rows.items()}
    return said, {mark: row["because"] for mark, row in rows.items()}


def _said_by_trace(row: Mapping[str, Any], truth: ExamTruth) -> Iterator[ExamStatement]:
    candidates: list[NamedMachine] = [
        named_by_text(rival["device"], truth, rival["address"]) for rival in row["rivals"]
    ]
    if row["device"]:
        address = next(iter(row["addresses"]), "")
        named = named_by_text(row["device"], truth, address)
        yield ExamStatement(named, Certainty(row["grade"]), "trace", tuple(candidates))
    elif candidates:
        yield ExamStatement(candidates[0], Certainty.AMBIGUOUS, "trace", tuple(candidates[1:]))
