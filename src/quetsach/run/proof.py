"""The proof bundle of a report on disk, held against the keys that are trusted."""

from collections.abc import Sequence
from pathlib import Path

from quetsach.errors import QuetsachError
from quetsach.forms.proof_lines import MOST_BYTES
from quetsach.forms.proving import Verified, verify_bundle
from quetsach.run.key_files import read_trusted


def verify_proof(path: Path, *, keys: Sequence[Path] = (), code: str | None = None) -> Verified:
    """Return what the proof bundle at `path` proves.

    Errors: E230 and E237 for keys; E454 when it cannot be read or is no bundle.
    """
    trusted = read_trusted(keys)
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise QuetsachError("E454", str(path), reason=error.strerror or str(error)) from error
    try:
        return verify_bundle(data, trusted, code)
    except QuetsachError as error:
        raise QuetsachError(error.problem.code, str(path), **error.problem.facts) from error
