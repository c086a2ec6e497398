"""Which lines of our source a call runs through, for the inputs that are worth keeping.

A line counts once: code whose lines were all seen is not traced any more, so that it soon costs
little. Lines of modules and classes, which run when they are imported, count for nothing.
"""

import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

SOURCE = str(Path(__file__).parents[2] / "src") + "/"


class LinesHit:
    """The lines of functions below `SOURCE` that traced calls ran through."""

    def __init__(self) -> None:
        self.hit: dict[str, set[int]] = {}
        self.count = 0
        # By the identity of the code: its hash reads all its bytes.
        self._left: dict[int, tuple[CodeType, set[int]]] = {}

    def traced(self, call: Callable[[bytes], object], content: bytes) -> int:
        """Call `call` and return how many lines it was the first to run; it may raise."""
        before = self.count
        sys.settrace(self._entered)
        try:
            call(content)
        finally:
            sys.settrace(None)
        return self.count - before

    def _entered(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        code = frame.f_code
        known = self._left.get(id(code))
        if known is None:
            known = self._left[id(code)] = (code, set(_lines_of(code)))
        return self._ran if known[1] else None

    def _ran(self, frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            code, left = self._left[id(frame.f_code)]
            line = frame.f_lineno
            if line in left:
                left.discard(line)
                self.hit.setdefault(code.co_filename, set()).add(line)
                self.count += 1
        return self._ran

    def of(self, modules: Sequence[ModuleType]) -> tuple[int, int]:
        """Return how many lines of the functions of `modules` were hit, and how many there are."""
        hit = lines = 0
        for module in modules:
            path = str(module.__file__)
            code = compile(Path(path).read_bytes(), path, "exec")
            of_module = {line for inner in _codes_in(code) for line in _lines_of(inner)}
            hit += len(of_module & self.hit.get(path, set()))
            lines += len(of_module)
        return hit, lines


def _lines_of(code: CodeType) -> Iterator[int]:
    if not code.co_filename.startswith(SOURCE) or not code.co_flags & inspect.CO_OPTIMIZED:
        return
    for _start, _end, line in code.co_lines():
        if line is not None and line != code.co_firstlineno:
            yield line


def _codes_in(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes_in(constant)
