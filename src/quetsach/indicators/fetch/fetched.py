"""What was fetched, as one list that is read like any other, and written in one step."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from quetsach.errors import QuetsachError
from quetsach.texts import _


@dataclass(frozen=True)
class Fetched:
    """A list as it came from a server.

    Shapes: `count` is objects of STIX, attributes or events of MISP; `continue_after` is what to
    give as `--added-after` the next time, None where the server does not say.
    """

    form: str
    body: bytes
    count: int
    requests: int
    continue_after: str | None = None

    @property
    def sha256(self) -> str:
        """Return the digest of the list as it is written."""
        return hashlib.sha256(self.body).hexdigest()


def write_list(fetched: Fetched, target: Path) -> None:
    """Write the list to `target`, whole or not at all; a file that is there is left alone.

    Errors: E601 when it is there already; E406 when the disk will not take it.
    """
    if os.path.lexists(target):
        raise QuetsachError("E601", "-o", reason=_("there is already a file of this name"))
    partial: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".fetched-", dir=target.parent)
        partial = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(fetched.body)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except OSError as err:
        if partial is not None:
            partial.unlink(missing_ok=True)
        raise QuetsachError("E406", str(target), reason=err.strerror or str(err)) from err
