"""A run under a limit of its memory (ulimit -v): told at the start, not by a crash amid the work.

What computes in C++ or C ends a process that gets no more memory, or asks for address space that it
never uses. So under a limit few stores of memory are kept, and what reads tables or logs is not
begun where the limit is known to be too small.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from quetsach.errors.exceptions import QuetsachError

_LEAST_MIB = 384
"""A scan of 8 MB of logs of 17 offices takes 350 MiB of address space with all its libraries."""

_HEAVY = frozenset(
    (
        *("sweep", "watch", "trace", "who", "answer-slip", "why", "verdict", "export", "report"),
        *("card", "exam", "planted", "selftest"),
    )
)
"""The commands that load Arrow, or start what does."""

_ARENAS, _FEW = -8, 2
_NO_ROOM = ("cannot allocate memory", "failed to map segment", "out of memory")


def keep_within(limit: int, words: Sequence[str]) -> None:
    """Prepare the run of `words` for a limit in bytes. Errors: E612 where it has too little.

    Source: mallopt(3), M_ARENA_MAX; Arrow's ARROW_DEFAULT_MEMORY_POOL.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    os.environ.setdefault("JE_ARROW_MALLOC_CONF", "background_thread:false")
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_ARENAS, _FEW)
    is_help = "--help" in words or "-h" in words
    if words[:1] and words[0] in _HEAVY and not is_help and limit < _LEAST_MIB << 20:
        reason = f"{limit >> 20} MiB < {_LEAST_MIB} MiB"
        raise QuetsachError("E612", "quetsach", reason=reason)


def lacks_memory(error: Exception) -> bool:
    """Return whether a library could not be loaded because there was no memory for it."""
    text = str(error).lower()
    return isinstance(error, ImportError) and any(sign in text for sign in _NO_ROOM)
