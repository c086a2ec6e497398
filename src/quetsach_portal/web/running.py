"""Whether a portal runs on a home: a lock on a file there, let go of when its process ends."""

import fcntl
from pathlib import Path
from types import TracebackType

NAME = "running.lock"


class RunLock:
    """Holds the lock of a home while the portal runs. Errors: BlockingIOError when it is held."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._file = (home / NAME).open("a")

    def __enter__(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


def is_running(home: Path) -> bool:
    """True while a portal runs on `home`."""
    if not (home / NAME).exists():
        return False
    try:
        with RunLock(home):
            return False
    except BlockingIOError:
        return True
