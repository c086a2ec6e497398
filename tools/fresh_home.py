"""Make way for a fresh demo: `python tools/fresh_home.py HOME PORT`, unless a portal runs there."""

import fcntl
import shutil
import socket
import sys
from pathlib import Path


def main(home: Path, port: int) -> str | None:
    """Remove `home`; return why that must not be, None when it is done."""
    lock = home / "running.lock"
    if lock.exists():
        with lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return f"A portal runs on {home}: end it first (Ctrl-C where it was started)."
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError as error:
            return f"Port {port} is taken ({error.strerror}): make run PORT={port + 1}"
    shutil.rmtree(home, ignore_errors=True)
    return None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
