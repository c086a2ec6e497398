"""Is this file the tool that it says it is? By its digest, against a signed catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from quetsach.errors import QuetsachError
from quetsach.run.verify import Verification, verify
from quetsach.signing import detached
from quetsach.signing.judge import State
from quetsach.trusted_tools import MOST_BYTES, Catalogue, Found, find, read_catalogue

OLD_AFTER_DAYS = 8
"""A week, and a day for it to come."""


@dataclass(frozen=True)
class ToolCheck:
    """The file's digest, what the catalogue says of it, and what the catalogue itself is worth.

    Exit code: 0 the file is a tool of a catalogue that is proven; 2 it is none or was withdrawn, or
    the catalogue was altered; 3 it is one, by a catalogue that nobody we trust has signed or that
    is over: a newer one may have withdrawn it.
    """

    sha256: str
    found: Found
    catalogue: Verification
    content: Catalogue
    is_over: bool
    exit_code: int
    age_days: int | None = None
    """Since it was signed; None where nothing says when."""

    @property
    def is_old(self) -> bool:
        """True when a newer one should be there: catalogues are signed anew each week."""
        return self.age_days is not None and self.age_days > OLD_AFTER_DAYS


def verify_tool(
    path: Path, catalogue: Path, *, keys: Sequence[Path] = (), now: datetime | None = None
) -> ToolCheck:
    """Return whether the file at `path` is in the catalogue at `catalogue`, as of `now`.

    Errors: E237 for files that cannot be read, E270 for what is no catalogue, E230 for keys.
    """
    proven = verify(catalogue, keys=keys)
    try:
        with catalogue.open("rb") as file:
            content = read_catalogue(file.read(MOST_BYTES + 1), str(catalogue))
        with path.open("rb") as file:
            digest = detached.digest_of(file).removeprefix("sha256:")
    except OSError as error:
        reason = error.strerror or str(error)
        raise QuetsachError("E237", str(error.filename or path), reason=reason) from error
    found = find(content, digest, path.name)
    now = datetime.now(UTC) if now is None else now
    is_over = content.is_over(now)
    code = _exit_code(found, proven, is_over)
    return ToolCheck(digest, found, proven, content, is_over, code, _age_days(proven, now))


def _exit_code(found: Found, proven: Verification, is_over: bool) -> int:
    state = None if proven.verdict is None else proven.verdict.state
    if found.tool is None or state is State.ALTERED:
        return 2
    return 0 if state is State.TRUSTED and not is_over else 3


def _age_days(proven: Verification, now: datetime) -> int | None:
    """Return the days since the newest signature of a key that is trusted."""
    signers = () if proven.verdict is None else proven.verdict.signers
    times = [_time(one.signed) for one in signers if one.trusted]
    known = [one for one in times if one is not None]
    return (now - max(known)).days if known else None


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
