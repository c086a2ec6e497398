"""The process that reads what strangers handed in: `python -m quetsach_portal.intake.child`.

It gets its task on stdin as one line of JSON, tells on stdout how far it is, and writes its answer
to a file in the folder that it stands in. It has no database and no secret of the portal. It ends
with its worker: stdin is a pipe whose end nobody else holds.
"""

import os
import signal
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from quetsach_portal.intake.boundary import OUTCOME, Limits, Outcome, Step, Task, refusal

OUT_OF_MEMORY = 71
NICE = 10
_EVERY_S = 0.25


def main() -> None:
    """Do the task."""
    task = msgspec.json.decode(sys.stdin.buffer.readline(), type=Task)
    _bound(task.limits)
    threading.Thread(target=_end_with_the_worker, daemon=True).start()
    try:
        outcome = _answer(task)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    partial = Path(f"{OUTCOME}.partial")
    with partial.open("wb") as file:
        file.write(msgspec.json.encode(outcome))
        file.flush()
        os.fsync(file.fileno())
    partial.rename(OUTCOME)


def _answer(task: Task) -> Outcome:
    # Imported after the limits hold: what they load is bounded too.
    from quetsach import api
    from quetsach_portal.intake.from_home import take_in
    from quetsach_portal.intake.sweep_here import sweep_here

    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    try:
        with api.in_language("en" if task.language == "en" else "vi"):
            if task.archive:
                return take_in(task, today)
            return sweep_here(task, Progress(), today)
    except api.QuetsachError as error:
        problem = error.problem
        facts = {name: str(value) for name, value in problem.facts.items()}
        return refusal(problem.code, problem.where, **facts)


class Progress:
    """Tells on stdout how far the sweep is, a few times a second."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Write a line, unless the last one was written just now."""
        now = time.monotonic()
        if now >= self._next or done >= total:
            self._next = now + _EVERY_S
            sys.stdout.buffer.write(msgspec.json.encode(Step(done, total)) + b"\n")
            sys.stdout.buffer.flush()


def _end_with_the_worker() -> None:
    # Not by sys.stdin: its lock would be held for ever, and the interpreter could not end.
    while os.read(0, 4_096):
        pass
    os.killpg(os.getpgid(0), signal.SIGKILL)


def _bound(limits: Limits) -> None:
    import resource

    os.nice(NICE)
    wanted = (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, 2 * limits.seconds),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in wanted:
        hard = resource.getrlimit(kind)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))


if __name__ == "__main__":
    main()
