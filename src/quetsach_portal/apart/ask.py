"""Ask a process apart in plain values, and take a problem that it tells as an answer."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from quetsach_portal.apart.boundary import Limits, Order, Step
from quetsach_portal.apart.run import BrokeOff, Why, run_apart


class Answer(msgspec.Struct, frozen=True):
    """What came out, or the problem in words for a person."""

    value: Any = None
    problem: str = ""


def ask(
    act: str,
    given: Any,
    *,
    folder: Path,
    limits: Limits,
    reads: Sequence[Path] = (),
    on_step: Callable[[Step | None], None] = lambda _step: None,
) -> Answer:
    """Return what `act` answers to `given`, from a process in `folder` that reads `reads` as well.

    Errors: BrokeOff; EndedFromOutside; what `on_step` raises.
    """
    order = Order(
        act=act,
        given=msgspec.json.encode(given),
        limits=limits,
        reads=tuple(str(one) for one in reads),
    )
    raw = run_apart(order, folder, on_step)
    try:
        return msgspec.json.decode(raw, type=Answer)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise BrokeOff(Why.BROKE, type(error).__name__) from error


def answered(value: Any = None, problem: str = "") -> bytes:
    """Return an answer as an act gives it back."""
    return msgspec.json.encode(Answer(value, problem))
