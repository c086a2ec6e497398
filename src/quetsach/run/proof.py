"""The proof bundle of a report on disk, held against the keys that are trusted."""

from collections.abc import Sequence
from pathlib import Path

from quetsach.errors import QuetsachError
from quetsach.forms.proof_lines import MOST_BYTES
from quetsach.forms.proving import Verified, verify_bundle
from quetsach.run.key_files import read_trusted
from quetsach.whole_files import read_at_most


def verify_proof(path: Path, *, keys: Sequence[Path] = (), code: str | None = None) -> Verified:
    """Return what the proof bundle at `path` proves.

    Errors: E230 and E237 for keys; E101 and E104 when it cannot be read; E454 when it is no bundle.
    """
    trusted = read_trusted(keys)
    data = read_at_most(path, MOST_BYTES)
    try:
        return verify_bundle(data, trusted, code)
    except QuetsachError as error:
        raise QuetsachError(error.problem.code, str(path), **error.problem.facts) from error
