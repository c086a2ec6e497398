"""Look through one submission in a process apart; a process that breaks off is an outcome too."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from quetsach_portal.apart.boundary import Order, Step
from quetsach_portal.apart.run import BrokeOff, Why, links_in, run_apart
from quetsach_portal.intake.boundary import Outcome, Task, refusal

if TYPE_CHECKING:
    from quetsach_portal.apart.child import Tell


def look_through(task: Task, folder: Path, on_step: Callable[[Step | None], None]) -> Outcome:
    """Return what came out of `task`, done in `folder`. Errors: EndedFromOutside."""
    order = Order(
        act="quetsach_portal.intake.looking:act",
        given=msgspec.json.encode(task),
        limits=task.limits,
        reads=(task.release, *links_in(folder)),
    )
    try:
        return believed(run_apart(order, folder, on_step))
    except BrokeOff as broke:
        if broke.why is Why.TIME:
            return refusal("H201", hours=max(1, task.limits.seconds // 3600))
        return refusal("H202") if broke.why is Why.MEMORY else refusal("H203", reason=broke.reason)


def believed(answer: bytes) -> Outcome:
    """Return the outcome that the process answered, or that it answered none."""
    try:
        return msgspec.json.decode(answer, type=Outcome)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        return refusal("H203", reason=type(error).__name__)


def act(given: bytes, tell: "Tell") -> bytes:
    """Do the task: the act of the process apart."""
    return msgspec.json.encode(_outcome(msgspec.json.decode(given, type=Task), tell))


def _outcome(task: Task, tell: "Tell") -> Outcome:
    from quetsach import api
    from quetsach_portal.intake.from_home import take_in
    from quetsach_portal.intake.sweep_here import sweep_here

    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    try:
        with api.in_language("en" if task.language == "en" else "vi"):
            if task.archive:
                return take_in(task, today)
            return sweep_here(task, tell, today)
    except api.QuetsachError as error:
        problem = error.problem
        facts = {name: str(value) for name, value in problem.facts.items()}
        return refusal(problem.code, problem.where, **facts)
