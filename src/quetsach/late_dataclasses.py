"""Data classes whose methods are compiled when they are first called, not when they are defined.

The standard library compiles up to six methods of each data class from text: of the two hundred
that a small sweep loads that takes a fifth of its time, and most are never called.
Source: `dataclasses.py` of Python 3.11 and 3.12; from 3.13 on it compiles all at once, and nothing
is changed here.
"""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_COMPILER = "_create_fn"


@contextmanager
def late_methods() -> Iterator[None]:
    """Let data classes that are defined meanwhile have their methods compiled late."""
    compiler = getattr(dataclasses, _COMPILER, None)
    if compiler is None:
        yield
        return
    setattr(dataclasses, _COMPILER, _late(compiler))
    dataclasses.exec = _exec  # type: ignore[attr-defined]
    try:
        yield
    finally:
        setattr(dataclasses, _COMPILER, compiler)
        del dataclasses.exec  # type: ignore[attr-defined]


def _exec(text: str, *names: dict[str, Any]) -> None:
    """Do what `exec` does. Whoever interrupts the program just here is not forgotten by it.

    An interrupt within a text that is carried out ends Python 3.11 by the signal, whatever the
    program made of it; within compiled code it does not (`run_eval_code_obj` in pythonrun.c).
    """
    exec(compile(text, "<string>", "exec"), *names)  # noqa: S102 - made by dataclasses.py


def _late(compiler: Callable[..., Callable[..., Any]]) -> Callable[..., Callable[..., Any]]:
    def create(name: str, *parts: Any, **settings: Any) -> Callable[..., Any]:
        ready: list[Callable[..., Any]] = []

        def method(self: Any, *values: Any, **by_name: Any) -> Any:
            if not ready:
                ready.append(compiler(name, *parts, **settings))
                ready[0].__qualname__ = method.__qualname__
                _put(type(self), name, method, ready[0])
            return ready[0](self, *values, **by_name)

        method.__name__ = name
        return method

    return create


def _put(of: type, name: str, late: object, compiled: object) -> None:
    """Put the compiled method in the place of the late one, where it stands as it is."""
    for owner in of.__mro__:
        if owner.__dict__.get(name) is late:
            setattr(owner, name, compiled)
            return
