"""What an error of the database means: it does not answer, or it can be read and not written."""

import errno
import sqlite3
from enum import StrEnum

from django.db import DatabaseError, InterfaceError, OperationalError

# The first five signs are PostgreSQL's own codes. Source: its documentation, appendix A.
_AWAY = ("08", "57P0", "53200", "53300", "53400", "58", "25P03", "57014", "55P03", "40001", "40P01")
"""The connection, shutdown and start, memory, too many clients, limits, the system beneath it; cut
off for its length, at a lock, or as one of two that wait for each other: the same again goes well.
"""
_NOT_WRITTEN = ("53100", "25006")
"""The disk is full; a replica or a database set to read-only."""

_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_SQLITE_AWAY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN)
_SQLITE_NOT_WRITTEN = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR)


DATABASE_ERRORS = (DatabaseError, InterfaceError)
"""What Django raises for an error of the database."""


class DatabaseTrouble(StrEnum):
    """Why the database does not do what it was asked, though nothing is wrong with the question."""

    AWAY = "away"
    NOT_WRITTEN = "not-written"


def trouble_of(error: BaseException | None) -> DatabaseTrouble | None:
    """Return what `error`, or an error that led to it, says of the database; None: nothing."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _DISK:
            return DatabaseTrouble.NOT_WRITTEN
        if isinstance(error, DATABASE_ERRORS):
            return _trouble_of_database(error)
        error = error.__cause__ or error.__context__
    return None


def _trouble_of_database(error: BaseException) -> DatabaseTrouble | None:
    raised = error.__cause__
    if isinstance(raised, sqlite3.Error):
        # The last eight bits are the error, those above say more. Source: sqlite.org/rescode.html
        code = getattr(raised, "sqlite_errorcode", 0) & 0xFF
        if code in _SQLITE_NOT_WRITTEN:
            return DatabaseTrouble.NOT_WRITTEN
        return DatabaseTrouble.AWAY if code in _SQLITE_AWAY else None
    state = getattr(raised, "sqlstate", None)
    if state is not None and str(state).startswith(_NOT_WRITTEN):
        return DatabaseTrouble.NOT_WRITTEN
    if state is not None:
        return DatabaseTrouble.AWAY if str(state).startswith(_AWAY) else None
    # No answer of the server at all: nobody listens, or the connection broke off.
    is_lost = raised is not None and isinstance(error, OperationalError | InterfaceError)
    return DatabaseTrouble.AWAY if is_lost else None
