"""Whether a run with a fault kept the promises: all or nothing, a code, mended by the next run.

The same for each command: a run without fault says what is right, and is repeated without fault
after each fault.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tools.faults.shim import ShimmedRun
from tools.faults.sites import Fault
from tools.faults.trees import Tree, changed, is_aside, tells_of_a_part

_CODE = re.compile(r"\bE(\d{3})\b")
_DURATION = re.compile(r"\bin [\d.]+ s\b")
_UNEXPECTED = "603"
_KILLED = -9
_FAILED, _IN_PART = 2, 3
_HARMLESS = ("EINTR", "short")


class FaultOutcome(StrEnum):
    """How a run with a fault ended; BROKEN breaks a promise, UNREACHED never came to the fault."""

    WHOLE = "whole"
    REFUSED = "refused"
    IN_PART = "in part"
    KILLED = "killed"
    BROKEN = "broken"
    UNREACHED = "unreached"


@dataclass(frozen=True)
class Undisturbed:
    """Two runs without fault, and what lay there before them, between them and behind.

    Shapes: `grows` says that each run adds a folder to those before; a failed one may leave one.
    """

    before: Tree
    run: ShimmedRun
    after: Tree
    second: ShimmedRun
    after_second: Tree
    grows: bool = False


@dataclass(frozen=True)
class Disturbed:
    """A run with a fault, then one without, and what lay there between and behind.

    Shapes: `unreadable` names stores that could not be read between the two, with what was said.
    """

    run: ShimmedRun
    after: Tree
    second: ShimmedRun
    after_second: Tree
    unreadable: tuple[str, ...] = ()


def judge(fault: Fault, right: Undisturbed, disturbed: Disturbed) -> tuple[FaultOutcome, list[str]]:
    """Return how the run with `fault` ended, and which promises it broke."""
    if not disturbed.run.has_fired:
        return FaultOutcome.UNREACHED, []
    outcome = _outcome(fault, right, disturbed)
    broken = [
        *_wrong_end(fault, right, disturbed.run, outcome),
        *_wrong_files(fault, right, disturbed.after, outcome),
        *(f"cannot be read: {words}" for words in disturbed.unreadable),
        *_wrong_next(fault, right, disturbed, outcome),
    ]
    return (FaultOutcome.BROKEN if broken else outcome), broken


def _outcome(fault: Fault, right: Undisturbed, disturbed: Disturbed) -> FaultOutcome:
    code = disturbed.run.code
    if code == _KILLED and fault.kind == "kill":
        return FaultOutcome.KILLED
    differing = changed(right.after, disturbed.after)
    if fault.call == "unlink":
        # What could not be removed is there still.
        differing = {name for name in differing if not is_aside(name)}
    is_answer = code not in (_FAILED, _IN_PART) or (
        disturbed.run.stderr == right.run.stderr
        and _timeless(disturbed.run.stdout) == _timeless(right.run.stdout)
    )
    if code == right.run.code and not differing and is_answer:
        return FaultOutcome.WHOLE
    return FaultOutcome.IN_PART if code == _IN_PART else FaultOutcome.REFUSED


def _wrong_end(
    fault: Fault, right: Undisturbed, run: ShimmedRun, outcome: FaultOutcome
) -> Iterator[str]:
    if run.is_stuck:
        yield "never ended"
    if run.left_running:
        yield f"{run.left_running} processes still ran ten seconds later"
    if outcome is not FaultOutcome.KILLED:
        yield from _wrong_words(fault, right, run, outcome)


def _wrong_words(
    fault: Fault, right: Undisturbed, run: ShimmedRun, outcome: FaultOutcome
) -> Iterator[str]:
    if run.code < 0:
        yield f"ended by signal {-run.code}"
    codes = _CODE.findall(run.stderr + run.stdout)
    if _UNEXPECTED in codes or "Traceback" in run.stderr:
        yield f"an unexpected failure: {_last_line(run.stderr)}"
    if outcome is FaultOutcome.WHOLE:
        # What differs from run to run, such as a key, is in the answer, too.
        is_same = "varies" in right.after.values() or (
            _timeless(run.stdout) == _timeless(right.run.stdout)
        )
        if not is_same and fault.role != "stdout":
            yield "the same exit code with another answer"
        if fault.role == "stdout" and fault.kind not in _HARMLESS:
            yield "the answer was lost, and nobody told"
    elif run.code == right.run.code not in (_FAILED, _IN_PART) and outcome is FaultOutcome.REFUSED:
        yield f"exit code {run.code} as if all was there"
    elif run.code not in (_FAILED, _IN_PART):
        yield f"exit code {run.code}"
    elif not codes and fault.role != "stderr":
        yield f"no code: {_last_line(run.stderr)}"
    if fault.kind in _HARMLESS and outcome is not FaultOutcome.WHOLE:
        yield f"{fault.kind} was not survived"


def _wrong_files(
    fault: Fault, right: Undisturbed, after: Tree, outcome: FaultOutcome
) -> Iterator[str]:
    results = changed(right.before, right.after)
    arrived = {name for name in results if after.get(name) == right.after.get(name)}
    absent = {name for name in results if after.get(name) == right.before.get(name)}
    rest = changed(right.before, after) - results
    if outcome is FaultOutcome.IN_PART:
        # Other content is right there; what is there must be the same files.
        absent, arrived = results - set(after), results
    else:
        # What both runs have is no sign; a folder for the results may be there before them.
        yield from (f"half: {name}" for name in sorted(results - arrived - absent))
    # A lock is nobody's result.
    is_set = {
        name
        for name in arrived - absent
        if right.after.get(name) != "folder" and not name.endswith(".lock")
    }
    is_told = right.grows or any(map(tells_of_a_part, rest))
    if is_set and absent - arrived and outcome is not FaultOutcome.WHOLE and not is_told:
        yield f"part of a set: {_some(is_set)} without {_some(absent - arrived)}"
    for name in sorted(rest):
        if name in right.before:
            yield f"changed: {name}"
        elif tells_of_a_part(name):
            continue
        elif not is_aside(name) or not (outcome is FaultOutcome.KILLED or fault.call == "unlink"):
            yield f"left behind: {name}"


def _wrong_next(
    fault: Fault, right: Undisturbed, disturbed: Disturbed, outcome: FaultOutcome
) -> Iterator[str]:
    second, tree = disturbed.second, disturbed.after_second
    if outcome is FaultOutcome.IN_PART:
        if second.code != right.second.code and not _CODE.search(second.stderr):
            yield f"the next run: exit code {second.code} without a code"
        return
    results = changed(right.before, right.after)
    is_told = any(map(tells_of_a_part, changed(right.before, disturbed.after) - results))
    missing = {name for name in results if disturbed.after.get(name) != right.after.get(name)}
    is_there = not (is_told or missing)
    expected = (
        (right.second.code, right.after_second) if is_there else (right.run.code, right.after)
    )
    # Of a file that varies its name alone is known: what a failed run wrote in it is not.
    varies = outcome is not FaultOutcome.WHOLE and "varies" in right.after.values()
    codes = {expected[0]} | ({right.run.code, right.second.code} if varies else set())
    if second.code not in codes:
        yield f"the next run: exit code {second.code}: {_last_line(second.stderr)}"
    differing = changed(expected[1], tree)
    if fault.call == "unlink" and fault.kind != "kill":
        # Where nothing can be removed the next run need not, either.
        differing = {name for name in differing if not is_aside(name)}
    if differing and second.code in codes and not (right.grows and missing):
        yield f"the next run left other files: {_some(differing)}"


def _timeless(answer: str) -> str:
    return _DURATION.sub("in * s", answer)


def _some(names: set[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:3]) + (f" and {len(listed) - 3} more" if len(listed) > 3 else "")


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:300] if lines else "nothing said"
