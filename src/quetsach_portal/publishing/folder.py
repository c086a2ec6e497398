"""Write files of the public folder whole or not at all, one writer at a time."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


def put(path: Path, data: bytes) -> None:
    """Write `data` to `path`, whole or not at all; the plane may read it."""
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold the lock `name` while the block runs: what is written last is what was read last."""
    folder: Path = settings.QUETSACH.home
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"publishing-{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
