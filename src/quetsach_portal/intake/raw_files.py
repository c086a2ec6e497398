"""The bytes that were handed in: removed for good when their time is over."""

from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of


def remove_raw(stored: StoredFile) -> None:
    """Remove the bytes of a file; its row, with name and digest, stays. Safe to repeat."""
    path_of(stored).unlink(missing_ok=True)
