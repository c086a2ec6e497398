"""Wait for the very thing, with a deadline; never for a time that should do."""

import socket
import threading
import time
from collections.abc import Callable


def wait_until(condition: Callable[[], object], what: str = "", *, within_s: float = 600.0) -> None:
    """Return once `condition` holds. Errors: AssertionError, saying `what`, past the deadline."""
    deadline, never = time.monotonic() + within_s, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, what
        never.wait(0.01)


def wait_for_port(port: int, *, within_s: float = 900.0) -> None:
    """Return once somebody listens on `port` of this machine; a busy one takes its time."""
    wait_until(lambda: _listens(port), f"nobody listens on port {port}", within_s=within_s)


def stand_still(at_most_s: float = 600.0) -> None:
    """Stay here, to be killed or to be slow; not for ever, should the test be gone."""
    threading.Event().wait(at_most_s)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
