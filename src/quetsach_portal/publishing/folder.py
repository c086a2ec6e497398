"""Write files of the public folder atomically, one writer at a time."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.public_page import PublicPage, shown_page


def write_file(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all; the plane may read it."""
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold the lock `name` during the block, so that the last writer has read the latest state."""
    folder: Path = settings.QUETSACH.home
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"publishing-{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class CannotWrite(Exception):
    """A writer cannot write: the message says what is missing. The folder is unchanged."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def page_to_write() -> PublicPage:
    """Return the page for a writer. Errors: CannotWrite while none is shown."""
    page = shown_page()
    if page is None:
        raise CannotWrite("no public page is shown")
    return page


def campaign_to_write() -> Campaign:
    """Return the campaign for a writer. Errors: CannotWrite while none is shown."""
    return page_to_write().campaign
