"""Fingerprints of TLS: certificates by SHA-1 or SHA-256, clients by JA3 and JA4, servers by JA3S.

A key says what it is a fingerprint of: `cert:`, `ja3:`, `ja3s:` or `ja4:`, then the digest in
lower case. Sources: salesforce/ja3; FoxIO, JA4 (technical details): `t13d1516h2_8daaf6152771_...`.
"""

import re
from collections.abc import Mapping

_HEX = re.compile(r"[0-9a-f]+")
_LENGTHS = {"cert": (40, 64), "ja3": (32,), "ja3s": (32,)}
_JA4 = re.compile(
    r"[tqd](?:[0-9]{2}|s[23]|d[123])[di][0-9]{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}"
)
_MARKED = re.compile(r"(cert|ja3s?|ja4):(\S{1,200})")

FIELDS: Mapping[str, str] = {
    "tls.server.hash.sha1": "cert",
    "tls.server.hash.sha256": "cert",
    "tls.client.ja3": "ja3",
    "tls.client.ja4": "ja4",
    "tls.server.ja3s": "ja3s",
}
"""The fields of an event that hold one, with the mark of its key."""

MISP_TYPES: Mapping[str, str] = {
    "x509-fingerprint-sha1": "cert",
    "x509-fingerprint-sha256": "cert",
    "ja3-fingerprint-md5": "ja3",
}
"""The attribute types of MISP for them (describeTypes.json), with the mark of the key."""


def fingerprint_key(text: str) -> str | None:
    """Return the key of a fingerprint written with its mark, or of a bare JA4; None for others.

    Colons and blanks between the bytes of a digest are left out.
    """
    written = text.strip().lower()
    if _JA4.fullmatch(written):
        return f"ja4:{written}"
    match = _MARKED.fullmatch(written.replace(" ", ""))
    if match is None:
        return None
    kind, value = match.groups()
    if kind == "ja4":
        return f"ja4:{value}" if _JA4.fullmatch(value) else None
    digest = value.replace(":", "").replace("-", "")
    is_digest = _HEX.fullmatch(digest) is not None and len(digest) in _LENGTHS[kind]
    return f"{kind}:{digest}" if is_digest else None


def is_fingerprint_key(key: str) -> bool:
    """Return whether `key` is canonical."""
    return ":" in key and fingerprint_key(key) == key
