"""Ports on loopback for the servers that are measured."""

import socket
import time


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(port: int, within_s: float = 60.0) -> None:
    """Return when somebody listens on `port`. Raises TimeoutError after `within_s` seconds."""
    for _turn in range(int(within_s * 10)):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nobody listens on {port}")
