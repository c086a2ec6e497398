"""Make way for a fresh demo: `python tools/fresh_home.py HOME PORT [PUBLIC_PORT [MAIL_PORT]]`.

It speaks Vietnamese where SPEAKS in the environment is vi, else English.
"""

import fcntl
import os
import shutil
import socket
import sys
from pathlib import Path

_WORDS = {
    "runs": (
        "A portal runs on {home}: end it first (Ctrl-C where it was started).",
        "Đang có một cổng chạy trên {home}: hãy dừng nó trước (Ctrl-C ở nơi đã khởi động).",
    ),
    "taken": (
        "Port {number} is taken ({problem}): make run {ports}",
        "Cổng mạng {number} đã có chương trình khác dùng ({problem}): make run {ports}",
    ),
}

_USUAL = {"PORT": (8000,), "PUBLIC_PORT": (0, 8001), "MAIL_PORT": (0, 8025)}


def _speaks_vietnamese() -> bool:
    return os.environ.get("SPEAKS") == "vi"


def main(home: Path, port: int, public_port: int = 0, mail_port: int = 0) -> str | None:
    """Remove `home`; return why that must not be, None when it is done."""
    lock = home / "running.lock"
    if lock.exists():
        with lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return _WORDS["runs"][_speaks_vietnamese()].format(home=home)
    steps = (("PORT", port, 1), ("PUBLIC_PORT", public_port, 2), ("MAIL_PORT", mail_port, 2))
    for name, number, step in steps:
        problem = _taken(number)
        if number and problem:
            given = {"PORT": port, "PUBLIC_PORT": public_port, "MAIL_PORT": mail_port}
            while given[name] in (port, public_port, mail_port):
                given[name] += step
            ports = " ".join(
                f"{key}={given[key]}" for key in given if given[key] not in _USUAL[key]
            )
            facts = {"number": number, "problem": problem, "ports": ports}
            return _WORDS["taken"][_speaks_vietnamese()].format(**facts)
    shutil.rmtree(home, ignore_errors=True)
    return None


def _taken(port: int) -> str:
    """Return why nobody can listen on `port` of this machine, "" when one can."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError as error:
            return error.strerror or type(error).__name__
    return ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *map(int, sys.argv[2:])))
