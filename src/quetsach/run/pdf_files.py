"""PDFs, certificates and keys on disk: signed, and judged."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from quetsach.errors import QuetsachError
from quetsach.run.pdf_check import Checked, check_pdf
from quetsach.signing.pades import sign
from quetsach.signing.pades.keys import signer_of_file
from quetsach.signing.pades.trust import MOST_BYTES, Trust
from quetsach.whole_files import write_whole

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer


@dataclass(frozen=True)
class TrustFiles:
    """Whom to believe, as files, and the names of which the certificate must bear one."""

    roots: tuple[Path, ...] = ()
    between: tuple[Path, ...] = ()
    revoked: tuple[Path, ...] = ()
    units: tuple[str, ...] = ()


def verify_pdf_file(path: Path, files: TrustFiles, original: Path | None = None) -> Checked:
    """Return what the signatures in the PDF at `path` are worth now.

    Errors: E471 and E472, also where a file cannot be read.
    """
    trust = Trust(
        tuple(_read(one, "E471") for one in files.roots),
        tuple(_read(one, "E471") for one in files.between),
        tuple(_read(one, "E471") for one in files.revoked),
        units=files.units,
    )
    before = None if original is None else _read(original, "E472", sign.MOST_BYTES)
    data = _read(path, "E472", sign.MOST_BYTES)
    return check_pdf(data, trust, datetime.now(UTC), original=before, where=str(path))


def sign_pdf_file(path: Path, signer: "Signer", purpose: sign.Purpose, out: Path) -> None:
    """Write the PDF at `path`, with one more signature, to `out`. Errors: E470, E444."""
    data = sign.sign_pdf(_read(path, "E470", sign.MOST_BYTES), signer, purpose, str(path))
    write_whole(out, data, "E444")


def signer_at(path: Path, passphrase: bytes | None) -> "Signer":
    """Return what signs with the PKCS#12 file at `path`. Errors: E471."""
    return signer_of_file(_read(path, "E471"), passphrase, str(path))


def _read(path: Path, code: str, most: int = MOST_BYTES) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise QuetsachError(code, str(path), reason=error.strerror or str(error)) from error
