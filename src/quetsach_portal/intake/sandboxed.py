"""The two acts in the sandbox: sweep a submission, and trace notices; no Django in here.

What they load is loaded ahead for a worker, whose processes are forked off one that has done so.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from quetsach.sandbox.contract import (
    ReportProgress,
    SandboxFailed,
    SandboxFailure,
    SandboxLimits,
    encode_answer,
)
from quetsach.sandbox.run import OnProgress, run
from quetsach_portal.intake.boundary import (
    MachineListed,
    MachineSeen,
    SweepOutcome,
    SweepTask,
    refusal,
)

SWEEP = "quetsach_portal.intake.sandboxed:sweep_in_sandbox"
READ_LOOKS = "quetsach_portal.intake.sandboxed:looks_in_sandbox"
READ_MACHINES = "quetsach_portal.intake.sandboxed:machines_in_sandbox"
TRACE = "quetsach_portal.intake.sandboxed:trace_in_sandbox"
LOADED_AHEAD = "quetsach_portal.intake.sandboxed:load_ahead"
TRACE_LIMITS = SandboxLimits(memory=4 << 30, seconds=2 * 3600, answer=512 << 20)


def load_ahead() -> None:
    """Load what these acts and those of letters, lists and pictures come to."""
    from quetsach.api import loading

    loading.load_ahead()
    import quetsach_portal.campaigns.sandboxed_reading
    import quetsach_portal.files.pictures
    import quetsach_portal.intake.from_home
    import quetsach_portal.intake.sweep_task  # noqa: F401 - loaded, and no more


def look_through(task: SweepTask, folder: Path, on_progress: OnProgress) -> SweepOutcome:
    """Return what came out of `task`, done in `folder`. Errors: EndedFromOutside."""
    try:
        answer = run(
            SWEEP,
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


_MACHINES = msgspec.json.Decoder(tuple[MachineListed, ...])
_LOOKS = msgspec.json.Decoder(tuple[MachineSeen, ...])


def looks_in_files(folder: Path) -> tuple[MachineSeen, ...]:
    """Return the looks of the evidence in `folder`; none where the reader failed.

    Errors: EndedFromOutside.
    """
    try:
        limits = SandboxLimits(seconds=600)
        answer = run(READ_LOOKS, b"", limits=limits, reads=_links_in(folder), folder=folder)
        return _LOOKS.decode(answer)
    except (SandboxFailed, msgspec.MsgspecError, UnicodeDecodeError):
        return ()


def looks_in_sandbox(_given: bytes, _report: ReportProgress) -> bytes:
    """Answer the looks of the evidence in this folder."""
    from quetsach_portal.intake.sweep_task import machines_seen

    return msgspec.json.encode(machines_seen()[0])


def machines_in_tables(folder: Path, names: Sequence[str]) -> tuple[MachineListed, ...] | None:
    """Return the machines of the lists `names` in `folder`, None where they cannot be read.

    Errors: EndedFromOutside.
    """
    try:
        limits = SandboxLimits(seconds=600)
        answer = run(
            READ_MACHINES,
            msgspec.json.encode(names),
            limits=limits,
            reads=_links_in(folder),
            folder=folder,
        )
        return _MACHINES.decode(answer)
    except (SandboxFailed, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def machines_in_sandbox(names_json: bytes, _report: ReportProgress) -> bytes:
    """Answer the machines of a unit's lists, null where they cannot be read."""
    from quetsach.api import problems
    from quetsach_portal.intake.sweep_task import machines_listed

    try:
        paths = [Path(name) for name in msgspec.json.decode(names_json, type=list[str])]
        return msgspec.json.encode(machines_listed(paths))
    except problems.QuetsachError:
        return b"null"


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

    today = task.today or datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    try:
        with problems.in_language("en" if task.language == "en" else "vi"):
            if task.archive:
                return take_in(task, today)
            return sweep_here(task, report, today)
    except problems.QuetsachError as error:
        problem = error.problem
        facts = {name: str(value) for name, value in problem.facts.items()}
        return refusal(problem.code, problem.where, **facts)


class TraceGiven(msgspec.Struct, frozen=True):
    """The path of the notices, and the evidence of a unit to trace them in.

    Shapes: `only` are the numbers of the items that are traced, empty for all; `public` are
    addresses that are the unit's, whatever its plan says.
    """

    notices: str
    evidence: tuple[str, ...]
    leases: tuple[str, ...]
    nat: tuple[str, ...]
    inventory: tuple[str, ...]
    plans: tuple[str, ...]
    only: tuple[int, ...] = ()
    public: tuple[str, ...] = ()

    def files(self) -> tuple[str, ...]:
        """Return all that is read."""
        given = (self.evidence, self.leases, self.nat, self.inventory, self.plans)
        return (self.notices, *(one for some in given for one in some))


def trace_in_sandbox(request_bytes: bytes, _report: ReportProgress) -> bytes:
    """Answer what each notice was traced to, as `trace --json` prints it."""
    from quetsach.api import problems, traces

    files = msgspec.json.decode(request_bytes, type=TraceGiven)
    with problems.in_language("vi"):
        try:
            request = traces.trace_request(
                notices=[files.notices],
                evidence=files.evidence,
                leases=files.leases,
                nat=files.nat,
                inventory=[Path(one) for one in files.inventory],
                plans=[Path(one) for one in files.plans],
                public=files.public,
                only=frozenset(files.only) if files.only else None,
                workers=1,
            )
            return encode_answer(traces.trace(request))
        except problems.QuetsachError as error:
            problem = error.problem
            return encode_answer(problem=f"{problem.what()} {problem.todo()}")
