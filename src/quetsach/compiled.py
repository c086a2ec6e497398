"""The compiled kernel as a Python module, if one is installed that fits this version.

A kernel of another version is not used: it would fail in the middle of a sweep, by a word that it
does not know. Everything that it does is done in Python then, more slowly, with the same answers.
"""

from functools import cache
from importlib.util import find_spec
from typing import Any

from quetsach.errors.exceptions import Problem

INTERFACE = 3
"""The interface that is called here; kernel/python/src/lib.rs has the same number. Both rise when
what Python and the kernel say to each other changes.
"""

_MODULE = "quetsach_kernel"


@cache
def kernel_module() -> Any:
    """Return the module; None where none is installed, or one of another interface."""
    module = _installed()
    return module if getattr(module, "INTERFACE", None) == INTERFACE else None


def misfit() -> Problem | None:
    """Return what is to be said of a kernel that is installed and does not fit."""
    module = _installed()
    if module is None or kernel_module() is not None:
        return None
    facts = {"found": getattr(module, "INTERFACE", "?"), "wanted": INTERFACE}
    return Problem("E504", _MODULE, facts)


def _installed() -> Any:
    # Where it is installed and yet cannot be loaded, whoever installed it must know.
    if find_spec(_MODULE) is None:
        return None
    import quetsach_kernel

    return quetsach_kernel
