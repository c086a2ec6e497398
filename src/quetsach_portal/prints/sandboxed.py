"""The act in the sandbox that asks a list of fingerprints; no Django in here."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from quetsach.sandbox.contract import ReportProgress, SandboxLimits

if TYPE_CHECKING:
    from quetsach.api.fingerprints import WouldMatch

ASK = "quetsach_portal.prints.sandboxed:ask_in_sandbox"
LIMITS = SandboxLimits(memory=4 << 30, seconds=3600, answer=64 << 20)
MOST_SHOWN = 20
_LONGEST = 200


class PrintsAt(msgspec.Struct, frozen=True):
    """Where the fingerprints of a submission and their secrets lie."""

    submission: int
    prints: str
    secrets: str


class PrintsAsked(msgspec.Struct, frozen=True):
    """The path of a release, and of whom it is asked."""

    release: str
    places: tuple[PrintsAt, ...]


class DayAsked(msgspec.Struct, frozen=True):
    """A day of a submission: what was met, as the list has it, and how many indicators."""

    submission: int
    first: date | None
    last: date | None
    is_complete: bool
    is_forgotten: bool = False
    exact: tuple[str, ...] = ()
    exact_count: int = 0
    in_part: tuple[str, ...] = ()
    in_part_count: int = 0


class PrintsAnswer(msgspec.Struct, frozen=True):
    """All days, of which most met nothing; `problem` says why nothing could be asked."""

    days: tuple[DayAsked, ...] = ()
    cannot_tell: int = 0
    by_chance: float = 0.0
    problem: str = ""


def ask_in_sandbox(given: bytes, _report: ReportProgress) -> bytes:
    """Ask: the act in the sandbox."""
    return msgspec.json.encode(answer_of(msgspec.json.decode(given, type=PrintsAsked)))


def answer_of(request: PrintsAsked) -> PrintsAnswer:
    """Return on which days of which submissions something of the release was seen."""
    from quetsach.api import fingerprints, problems

    days: list[DayAsked] = []
    cannot_tell, by_chance = 0, 0.0
    try:
        indicators = fingerprints.listed_in([Path(request.release)])
    except problems.QuetsachError as error:
        return PrintsAnswer(problem=f"{error.problem.code}: {error.problem.what()}"[:_LONGEST])
    for place in request.places:
        try:
            answer = fingerprints.would_hit_of(indicators, Path(place.prints), Path(place.secrets))
        except problems.QuetsachError:
            days.append(DayAsked(place.submission, None, None, False, is_forgotten=True))
            continue
        days += _days_of(place.submission, answer)
        cannot_tell = max(cannot_tell, sum(answer.cannot_tell.values()))
        by_chance += answer.by_chance
    return PrintsAnswer(tuple(days), cannot_tell, by_chance)


def _days_of(submission: int, answer: "WouldMatch") -> list[DayAsked]:
    met = {hit.day.place: hit for hit in answer.hits}
    days = []
    for day in answer.asked:
        hit = met.get(day.place)
        exact = () if hit is None else tuple(one.shown[:_LONGEST] for one in hit.exact)
        in_part = () if hit is None else tuple(one.shown[:_LONGEST] for one in hit.in_part)
        days.append(
            DayAsked(
                submission,
                day.first,
                day.last,
                day.is_complete,
                exact=exact[:MOST_SHOWN],
                exact_count=len(exact),
                in_part=in_part[:MOST_SHOWN],
                in_part_count=len(in_part),
            )
        )
    days += [DayAsked(submission, one.first, one.last, False, True) for one in answer.forgotten]
    return days + [DayAsked(submission, None, None, False, True) for _ in answer.problems]
