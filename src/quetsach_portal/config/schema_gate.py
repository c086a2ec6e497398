"""What a web process does until it has seen that its database is one of this version.

It may begin while the database is away. Nothing is asked of the tables before they were looked at:
whoever comes meanwhile is told 503, and the look is taken again with the next request.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.db import close_old_connections, connection
from django.utils.translation import gettext as _

from quetsach.api.problems import QuetsachError
from quetsach_portal.config.applied_migrations import (
    is_empty,
    refuse_earlier_database,
    refuse_other_database,
)
from quetsach_portal.config.front import AdmittedSender, Application, Environ, NotAdmitted
from quetsach_portal.web.database_state import DATABASE_ERRORS
from quetsach_portal.web.degraded import NotServed, plain_answer

LOOKED_EVERY_S = 1.0

log = logging.getLogger(__name__)


class SchemaGate:
    """Calls `application` once the database was seen to be of this version."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._lock = threading.Lock()
        self._looked_at = -LOOKED_EVERY_S
        self._is_open = False

    def look(self) -> bool:
        """Return whether the database is one of this version; an empty one is not yet.

        Errors: QuetsachError E604 or E609 for that of another version.
        """
        try:
            refuse_other_database()
            if not is_empty():
                refuse_earlier_database()
                self._is_open = True
        except DATABASE_ERRORS:
            connection.close()
        self._looked_at = time.monotonic()
        return self._is_open

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        if self._is_open or self._looks():
            return self._application(environ, start)
        headers, body = plain_answer(
            environ["PATH_INFO"], environ["REQUEST_METHOD"], NotServed.AWAY
        )
        start("503 Service Unavailable", headers)
        return [body]

    def admitting(
        self, admit: Callable[[Environ, int], AdmittedSender]
    ) -> Callable[[Environ, int], AdmittedSender]:
        """Return `admit` for large bodies, which is asked once the gate is open."""

        def admit_once_open(environ: Environ, length: int) -> AdmittedSender:
            if self._is_open or self._looks():
                return admit(environ, length)
            raise NotAdmitted(
                503, _("The portal cannot answer for the moment. Send the file again in a minute.")
            )

        return admit_once_open

    def _looks(self) -> bool:
        """Look unless somebody does: a server that is gone holds one thread and not all of them."""
        if not self._lock.acquire(blocking=False):
            return self._is_open
        try:
            if self._is_open or time.monotonic() - self._looked_at < LOOKED_EVERY_S:
                return self._is_open
            close_old_connections()
            return self.look()
        except QuetsachError as error:
            # `quetsach serve` ends with the same words; until then nothing is answered.
            log.error("database refused", extra={"code": error.problem.code})
            self._looked_at = time.monotonic()
            return False
        finally:
            close_old_connections()
            self._lock.release()
