"""PDFs, certificates and keys on disk: signed, and judged."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from quetsach.run.pdf_check import Checked, check_pdf
from quetsach.signing.pades import sign
from quetsach.signing.pades.keys import signer_of_file
from quetsach.signing.pades.trust import MOST_BYTES, Trust
from quetsach.whole_files import read_at_most, write_whole

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

    Errors: E101 and E104 where a file cannot be read; E471, E472.
    """
    trust = Trust(
        tuple(read_at_most(one, MOST_BYTES) for one in files.roots),
        tuple(read_at_most(one, MOST_BYTES) for one in files.between),
        tuple(read_at_most(one, MOST_BYTES) for one in files.revoked),
        units=files.units,
    )
    before = None if original is None else read_at_most(original, sign.MOST_BYTES)
    data = read_at_most(path, sign.MOST_BYTES)
    return check_pdf(data, trust, datetime.now(UTC), original=before, where=str(path))


def sign_pdf_file(path: Path, signer: "Signer", purpose: sign.Purpose, out: Path) -> None:
    """Write the PDF at `path`, with one more signature, to `out`.

    Errors: E101, E104 and E470 for the PDF; E444 for `out`.
    """
    data = sign.sign_pdf(read_at_most(path, sign.MOST_BYTES), signer, purpose, str(path))
    write_whole(out, data, "E444")


def signer_at(path: Path, passphrase: bytes | None) -> "Signer":
    """Return what signs with the PKCS#12 file at `path`. Errors: E101, E104, E471."""
    return signer_of_file(read_at_most(path, MOST_BYTES), passphrase, str(path))
