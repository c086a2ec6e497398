"""What systemd is told of a watch: that it is ready, that it moves, that it ends.

Source: sd_notify(3).
"""

import os
from collections.abc import Mapping
from contextlib import suppress


def tell_service_manager(state: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell it `state`, such as READY=1; return whether somebody is there to be told.

    Where nobody listens, or nothing is taken, the watch goes on all the same.
    """
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    import socket

    if not hasattr(socket, "AF_UNIX"):
        return False
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        # A name of the kernel's own begins with a zero byte.
        manager.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        # It takes nothing: a watch never waits for it.
        manager.setblocking(False)
        manager.send(state.encode())
        return True
    return False


READY = "READY=1"
"""All sockets are open, and the reading has begun."""

ALIVE = "WATCHDOG=1"
"""To be told more often than WatchdogSec: only while the reading moves."""

STOPPING = "STOPPING=1"
"""It ends by itself: to be waited for, and not to be started again."""
