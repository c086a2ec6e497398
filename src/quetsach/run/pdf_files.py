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


@dataclass(frozen=True)
class ToSign:
    """A PDF that is to be signed, where it lies, and the authority that stamps it, "" for none."""

    path: Path
    data: bytes
    authority: str = ""


def to_sign(path: Path, authority: str = "") -> ToSign:
    """Return the PDF at `path`, read before anybody is asked for a passphrase. Errors: E101, E104.

    Shapes: `authority` is the address of a time-stamping authority (RFC 3161), or "".
    """
    return ToSign(path, read_at_most(path, sign.MOST_BYTES), authority)


def write_signed(one: ToSign, signer: "Signer", purpose: sign.Purpose, out: Path) -> None:
    """Write the PDF with one more signature to `out`, whole or not at all.

    Errors: E470 for the PDF; E473 and E601 for the stamping authority; E444 for `out`.
    """
    stamper = None
    if one.authority:
        # Imported where it is used: only who asks for a stamp loads what uses the network.
        from quetsach.run.stamping import stamping_authority

        stamper = stamping_authority(one.authority)
    data = sign.sign_pdf(one.data, signer, purpose, str(one.path), stamper=stamper)
    write_whole(out, data, "E444")


def signer_at(path: Path, passphrase: bytes | None) -> "Signer":
    """Return what signs with the PKCS#12 file at `path`. Errors: E101, E104, E471."""
    return signer_of_file(read_at_most(path, MOST_BYTES), passphrase, str(path))
