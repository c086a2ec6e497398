"""What is told of an error that ends a run."""

import errno

from quetsach.cli.memory_limit import lacks_memory
from quetsach.cli.standard_streams import AnswerLostError, drop_answer
from quetsach.errors.exceptions import QuetsachError
from quetsach.extras import missing_package

_OF_THE_MACHINE = frozenset(
    (
        *(errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG, errno.ESTALE),
        *(
            errno.EMFILE,
            errno.ENFILE,
            errno.EACCES,
            errno.EPERM,
            errno.EBUSY,
            errno.ENOLCK,
            errno.ENOMEM,
        ),
    )
)
"""What the disk, the rights and the limits of the machine refuse, and no error of ours."""


def as_problem(error: Exception) -> QuetsachError | None:
    """Return what is told of an error that ends a run; None for one that should not be."""
    if isinstance(error, QuetsachError):
        return error
    if isinstance(error, ImportError) and (missing := missing_package(error.name or "")):
        return missing
    if isinstance(error, AnswerLostError):
        drop_answer()
        return QuetsachError("E611", "quetsach", reason=error.strerror)
    if isinstance(error, MemoryError) or lacks_memory(error):
        return QuetsachError("E612", "quetsach", reason=str(error) or "-")
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        code = "E612" if error.errno == errno.ENOMEM else "E613"
        where = error.filename if isinstance(error.filename, str) else "quetsach"
        return QuetsachError(code, where, reason=error.strerror)
    return None
