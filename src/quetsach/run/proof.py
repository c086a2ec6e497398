"""The proof bundle of a report on disk, held against the keys that are trusted."""

from collections.abc import Sequence
from pathlib import Path

from quetsach.errors import QuetsachError
from quetsach.forms.proof_lines import MOST_BYTES
from quetsach.forms.proving import Verified, verify_file
from quetsach.run.key_files import read_trusted
from quetsach.whole_files import read_anywhere


def verify_proof(path: Path, *, keys: Sequence[Path] = (), code: str | None = None) -> Verified:
    """Return what the proof bundle at `path` proves.

    Errors: E230 and E237 for keys; E101 and E104 when it cannot be read; E454 when it is no bundle.
    """
    trusted = read_trusted(keys)
    with read_anywhere(path, MOST_BYTES) as file:
        try:
            return verify_file(file, trusted, code)
        except QuetsachError as error:
            raise QuetsachError(error.problem.code, str(path), **error.problem.facts) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise QuetsachError("E104", str(path), reason=reason) from error
