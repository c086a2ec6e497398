"""The trust store of a verifier: root certificates, revocation data, and units to expect."""

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

MOST_BYTES = 32 * 1024 * 1024
"""No list of revoked certificates is larger."""

# Both ways of placing a tone are in use, "Uỷ ban" and "Ủy ban".
_TONES = (
    *zip(("oà", "oá", "oả", "oã", "oạ"), ("òa", "óa", "ỏa", "õa", "ọa"), strict=True),
    *zip(("oè", "oé", "oẻ", "oẽ", "oẹ"), ("òe", "óe", "ỏe", "õe", "ọe"), strict=True),
    *zip(("uỳ", "uý", "uỷ", "uỹ", "uỵ"), ("ùy", "úy", "ủy", "ũy", "ụy"), strict=True),
)

# Raised by asn1crypto for malformed bytes.
_ODD = (ValueError, TypeError, LookupError, AttributeError, RecursionError)

_NAMED_BY = ("organization_name", "organizational_unit_name", "common_name")


@dataclass(frozen=True)
class TrustStore:
    """The trusted certificates. Everything is given by the caller: nothing is fetched.

    Shapes: `roots` and `between` are X.509 certificates, `revoked` lists (CRL), `answers` OCSP
    responses, each PEM or DER. `units` are names of which the certificate must have one; with
    none, any will do.
    """

    roots: tuple[bytes, ...] = ()
    between: tuple[bytes, ...] = ()
    revoked: tuple[bytes, ...] = ()
    answers: tuple[bytes, ...] = ()
    units: tuple[str, ...] = ()


def certificates(files: tuple[bytes, ...]) -> "list[Certificate]":
    """Return all certificates in PEM or DER files. Errors: E471 for a file without any."""
    from asn1crypto import pem, x509

    loaded = []
    for content in files:
        try:
            if pem.detect(content):
                loaded += [
                    x509.Certificate.load(der, strict=True)
                    for kind, _head, der in pem.unarmor(content, multiple=True)
                    if kind == "CERTIFICATE"
                ]
            else:
                loaded.append(x509.Certificate.load(content, strict=True))
            if not loaded:
                raise ValueError(_("no certificate in it"))
            _touch(loaded)
        except _ODD as error:
            raise QuetsachError("E471", "trust", reason=str(error)[:200]) from error
    return loaded


def _touch(found: "list[Certificate]") -> None:
    """Read each to its end now: asn1crypto is lazy, and would complain in the midst of a check."""
    for one in found:
        _seen = one.native


def der_of(content: bytes) -> bytes:
    """Return the bytes of a CRL or an OCSP response, decoded from PEM if needed."""
    from asn1crypto import pem

    return bytes(pem.unarmor(content)[2]) if pem.detect(content) else content


def names_unit(certificate: Any, units: tuple[str, ...]) -> bool:
    """Tell whether a certificate names one of `units` as its organisation, part of it, or owner."""
    wanted = {_plain(unit) for unit in units}
    return any(_plain(name) in wanted for name in names_in(certificate, *_NAMED_BY))


def names_in(certificate: Any, *kinds: str) -> list[str]:
    """Return the names of these kinds in the subject of a certificate."""
    names: list[str] = []
    native = certificate.subject.native
    for kind in kinds:
        native_name = native.get(kind, [])
        names += (
            [native_name] if isinstance(native_name, str) else [str(one) for one in native_name]
        )
    return names


def _plain(name: str) -> str:
    """Return a name as it is compared: without case, place of tones, and with UBND in full."""
    text = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    for old, new in _TONES:
        text = text.replace(old, new)
    return re.sub(r"\bubnd\b", "ủy ban nhân dân", text)
