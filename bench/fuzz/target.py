"""What a target is: a reader of strangers' bytes, true samples, and the errors it may raise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TypeAlias

from bench.fuzz.mutation import Mutate, mutated_any
from quetsach.errors.exceptions import CATALOGUE, QuetsachError

Read: TypeAlias = Callable[[bytes], object]


class BrokenPromiseError(Exception):
    """A reader answered, but its answer breaks a promise: a line that is nowhere, a wrong type."""


@dataclass(frozen=True)
class FuzzTarget:
    """A reader of strangers' bytes.

    Shapes: `modules` are those whose lines are counted as covered; `allowed` are the errors that
    the reader may raise. With `by_line` its damaged lines stand behind a true sample, many in one
    call, and each counts as an input; else a damaged file does.
    """

    name: str
    read: Read
    samples: Callable[[], Sequence[bytes]]
    modules: tuple[ModuleType, ...]
    mutate: Mutate = mutated_any
    allowed: tuple[type[Exception], ...] = ()
    by_line: bool = False

    def flaw_of(self, error: BaseException) -> bool:
        """Return whether `error` is none that this reader may raise: coded, with its sentence."""
        if isinstance(error, QuetsachError):
            return error.problem.code not in CATALOGUE or not str(error)
        return not isinstance(error, self.allowed)
