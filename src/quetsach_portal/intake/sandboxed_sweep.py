"""Look through one submission in the sandbox; a process that fails is an outcome too."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from quetsach.sandbox.contract import ReportProgress, SandboxFailed, SandboxFailure
from quetsach.sandbox.run import OnProgress, run
from quetsach_portal.intake.boundary import SweepOutcome, SweepTask, refusal

ACT = "quetsach_portal.intake.sandboxed_sweep:sweep_in_sandbox"


def look_through(task: SweepTask, folder: Path, on_progress: OnProgress) -> SweepOutcome:
    """Return what came out of `task`, done in `folder`. Errors: EndedFromOutside."""
    try:
        answer = run(
            ACT,
            msgspec.json.encode(task),
            limits=task.limits,
            reads=(task.release, *_links_in(folder)),
            folder=folder,
            on_progress=on_progress,
        )
    except SandboxFailed as failed:
        if failed.failure is SandboxFailure.TIME:
            return refusal("H201", hours=max(1, int(task.limits.seconds // 3600)))
        if failed.failure is SandboxFailure.MEMORY:
            return refusal("H202")
        return refusal("H203", reason=failed.reason)
    return believed(answer)


def _links_in(folder: Path) -> tuple[str, ...]:
    """Return where the links in `folder` lead: what the process may read besides."""
    places = (path.resolve() for path in folder.rglob("*") if path.is_symlink())
    return tuple(sorted({str(place) for place in places}))


def believed(answer: bytes) -> SweepOutcome:
    """Return the outcome that the process answered, or that it answered none."""
    try:
        return msgspec.json.decode(answer, type=SweepOutcome)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        return refusal("H203", reason=type(error).__name__)


def sweep_in_sandbox(given: bytes, report: ReportProgress) -> bytes:
    """Do the task: the act in the sandbox."""
    return msgspec.json.encode(_outcome(msgspec.json.decode(given, type=SweepTask), report))


def _outcome(task: SweepTask, report: ReportProgress) -> SweepOutcome:
    from quetsach.api import problems
    from quetsach_portal.intake.from_home import take_in
    from quetsach_portal.intake.sweep_task import sweep_here

    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    try:
        with problems.in_language("en" if task.language == "en" else "vi"):
            if task.archive:
                return take_in(task, today)
            return sweep_here(task, report, today)
    except problems.QuetsachError as error:
        problem = error.problem
        facts = {name: str(value) for name, value in problem.facts.items()}
        return refusal(problem.code, problem.where, **facts)
