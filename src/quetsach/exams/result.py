"""The result of an exam: counted, with the rates that sweeps carry, read back with care."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import to_builtins

from quetsach.atomic_files import read_at_most
from quetsach.attribution.model import CERTAINTIES, Certainty
from quetsach.errors.exceptions import QuetsachError
from quetsach.exams.judging import ExamOutcome, ExamStatement, JudgedOccasion, NamedMachine
from quetsach.exams.rates import MeasuredRate, measured_rate
from quetsach.exams.truth import MOST_OCCASIONS, ExamTruth
from quetsach.findings.folder import digest_of_file

RESULT = "result.json"
FORMAT: Literal["quetsach-exam-result/1"] = "quetsach-exam-result/1"

GRADES = tuple(grade for grade in CERTAINTIES if grade is not Certainty.UNKNOWN)

OLD_AFTER_S = 366 * 86_400
"""An exam of more than a year ago says little of today's network. In seconds."""

_MOST_BYTES = 256 * 1024 * 1024

_Short = Annotated[str, msgspec.Meta(max_length=1_000)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 31)]
_Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
_Rates = dict[_Short, MeasuredRate]
_Key = TypeVar("_Key")


class StatementRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that was said of an occasion; `steps` as findings/steps.py writes them."""

    device: _Short
    address: _Short
    grade: Certainty
    way: _Short
    sighting: _Short
    steps: list[dict[str, Any]] = []


class ExamRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One occasion as it came out; `why` is a message id in English."""

    mark: _Short
    machine: _Short
    when_s: int
    outcome: ExamOutcome
    why: _Short = ""
    said: list[StatementRow] = []
    trace: ExamOutcome | None = None
    trace_device: _Short = ""
    trace_because: Annotated[str, msgspec.Meta(max_length=10_000)] = ""


class ExamResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an exam found out.

    Shapes: `day` is the date of the last occasion that took place, in `zone`; `grades`, `ways` and
    `traced` are rates by grade and way; `outcomes` and `trace_outcomes` count occasions; `tables`
    are the digests of the office's own tables, by which a sweep knows whether they are still these.
    """

    version: _Short
    exam: _Short
    commitment: _Digest
    domain: _Short
    zone: _Short
    day: _Short
    last_s: Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799)]
    drawn: _Count
    machines: _Count
    outcomes: dict[_Short, _Count]
    grades: _Rates
    ways: _Rates
    trace_outcomes: dict[_Short, _Count]
    traced: _Rates
    tables: list[_Digest]
    rows: Annotated[list[ExamRow], msgspec.Meta(max_length=MOST_OCCASIONS)]
    format: Literal["quetsach-exam-result/1"] = FORMAT


@dataclass(frozen=True)
class ExamStanding:
    """An exam as a sweep carries it.

    Shapes: `sha256` is that of the file; `tables` are the digests of the sweep's own tables.
    """

    result: ExamResult
    sha256: str
    tables: tuple[str, ...] = ()

    def to_json(self, last_us: int | None) -> dict[str, Any]:
        """Return what a manifest keeps of the exam; `last_us` is when the evidence ends."""
        grades = {
            grade: to_builtins(rate)
            for grade, rate in self.result.grades.items()
            if grade in (Certainty.CERTAIN, Certainty.LIKELY)
        }
        return {
            "exam": self.result.exam,
            "sha256": self.sha256,
            "day": self.result.day,
            "machines": self.result.machines,
            "grades": grades,
            "old": self.old_because(last_us),
        }

    def old_because(self, last_us: int | None) -> str:
        """Return "year" or "tables" where the exam no longer fits the sweep, "" where it does."""
        if last_us is not None and last_us // 1_000_000 - self.result.last_s > OLD_AFTER_S:
            return "year"
        return "tables" if sorted(self.tables) != sorted(self.result.tables) else ""


def tables_digests(paths: Iterable[Path]) -> list[str]:
    """Return the digests of an office's own tables: another inventory is another exam."""
    return sorted(digest_of_file(path) for path in paths if path.is_file())


def rates_of(judged: Iterable[Mapping[_Key, bool]]) -> dict[_Key, MeasuredRate]:
    """Return how often each key was right; an occasion counts once for each."""
    right: Counter[_Key] = Counter()
    of: Counter[_Key] = Counter()
    for outcomes in judged:
        of.update(outcomes.keys())
        right.update(key for key, was_right in outcomes.items() if was_right)
    return {key: measured_rate(right[key], of[key]) for key in of}


def rates_by_grade(judged: Sequence[JudgedOccasion]) -> dict[str, MeasuredRate]:
    """Return the rates of the grades in their order; one that was never said has none."""
    rates = rates_of(occasion.by_grade for occasion in judged)
    return {grade.value: rates[grade] for grade in GRADES if grade in rates}


def rates_by_way(judged: Sequence[JudgedOccasion]) -> dict[str, MeasuredRate]:
    """Return the rates of the ways by which a machine was named, in alphabetical order."""
    return dict(sorted(rates_of(occasion.by_way for occasion in judged).items()))


def outcome_counts(judged: Iterable[JudgedOccasion]) -> dict[str, int]:
    """Return how many occasions came out how, every outcome in its order."""
    counted = Counter(occasion.outcome for occasion in judged)
    return {outcome.value: counted[outcome] for outcome in ExamOutcome}


def rows_of(
    truth: ExamTruth,
    judged: Sequence[JudgedOccasion],
    traced: Mapping[str, tuple[JudgedOccasion, str]],
) -> list[ExamRow]:
    """Return a row for each occasion; `traced` has by mark how its notice came out, and why."""
    when = {occasion.mark: occasion.when_s for occasion in truth.occasions}
    rows = []
    for occasion in judged:
        trace, because = traced.get(occasion.mark, (None, ""))
        rows.append(
            ExamRow(
                mark=occasion.mark,
                machine=truth.machines[occasion.machine].key,
                when_s=when[occasion.mark],
                outcome=occasion.outcome,
                why=occasion.why,
                said=[_said(statement) for statement in occasion.statements],
                trace=None if trace is None else trace.outcome,
                trace_device=_first(trace).device,
                trace_because=because,
            )
        )
    return rows


def _said(statement: ExamStatement) -> StatementRow:
    return StatementRow(
        device=statement.named.device,
        address=statement.named.address,
        grade=statement.grade,
        way=statement.way,
        sighting=statement.sighting,
        steps=msgspec.json.decode(statement.steps) if statement.steps else [],
    )


def _first(trace: JudgedOccasion | None) -> NamedMachine:
    statements = () if trace is None else trace.statements
    return statements[0].named if statements else NamedMachine("")


def result_bytes(result: ExamResult) -> bytes:
    """Return the result as `result.json` holds it; the same result gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n"


def read_result(path: Path, tables: Iterable[Path] = ()) -> ExamStanding:
    """Return the result of an exam for a sweep with these own tables to carry.

    Every rate is counted anew from the two numbers behind it, so that nobody writes a better one.
    Errors: E325 for what is no result, or contradicts itself; E101, E104.
    """
    content = read_at_most(path, _MOST_BYTES)
    try:
        if len(content) > _MOST_BYTES:
            raise ValueError(str(_MOST_BYTES))
        result = msgspec.json.decode(content, type=ExamResult)
        _check(result)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise QuetsachError("E325", str(path), reason=str(error)[:200]) from error
    sha256 = hashlib.sha256(content).hexdigest()
    return ExamStanding(result, sha256, tuple(tables_digests(tables)))


def _check(result: ExamResult) -> None:
    for name, rate in (*result.grades.items(), *result.ways.items(), *result.traced.items()):
        if rate.of > MOST_OCCASIONS or measured_rate(rate.right, rate.of) != rate:
            raise ValueError(name)
    date.fromisoformat(result.day)
    if sum(result.outcomes.values()) != result.drawn or len(result.rows) != result.drawn:
        raise ValueError("drawn")
    counted = Counter(row.outcome.value for row in result.rows)
    if counted != Counter({name: number for name, number in result.outcomes.items() if number}):
        raise ValueError("outcomes")
    said = Counter(grade for row in result.rows for grade in {one.grade.value for one in row.said})
    for name, rate in result.grades.items():
        # Of what cannot be compared no rate is counted, so that there may be more of them.
        if rate.of > said[name]:
            raise ValueError(f"grades.{name}")
    if sum(rate.of - rate.right for rate in result.grades.values()) < counted[ExamOutcome.WRONG]:
        raise ValueError("grades")
