"""Who is trusted on the way to a server: its certificate, ours, and what either end refuses."""

import os
import re
import ssl
from dataclasses import dataclass
from pathlib import Path

from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _


@dataclass(frozen=True)
class ClientCertificate:
    """What shows a server who asks: a certificate with its chain (PEM), and its key.

    Shapes: `key_file` None where the key stands in the same file.
    """

    file: Path
    key_file: Path | None = None

    def load(self, context: ssl.SSLContext) -> None:
        """Have connections of `context` show it.

        Errors: E601 for what is no certificate with its key, a key under a passphrase, or one
        that others can read.
        """
        key = self.key_file or self.file
        try:
            if os.name != "nt" and key.stat().st_mode & 0o077:
                reason = _("others can read this file: chmod 600 %(file)s") % {"file": key}
                raise QuetsachError("E601", "--cert-key-file", reason=reason)
            # Without this, OpenSSL asks for the passphrase of a key at the terminal.
            context.load_cert_chain(self.file, key, password=b"")
        except (OSError, ValueError) as err:
            reason = _(
                "%(file)s is no certificate (PEM) with its key, or the key has a passphrase"
            ) % {"file": self.file}
            raise QuetsachError("E601", "--cert-file", reason=reason) from err


def client_tls(
    ca_file: Path | None, certificate: ClientCertificate | None = None
) -> ssl.SSLContext:
    """Return how servers are verified: by the system's authorities, and that of `ca_file`; and
    what is shown to them.

    Errors: E601 for a file that is none.
    """
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except OSError as err:
            raise QuetsachError("E601", "--ca-file", reason=str(ca_file)) from err
    if certificate is not None:
        certificate.load(context)
    return context


_DISTRUST = re.compile(
    "ALERT_(CERTIFICATE_(REQUIRED|EXPIRED|REVOKED|UNKNOWN)|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE"
    "|UNKNOWN_CA|DECRYPT_ERROR|ACCESS_DENIED)"
)
"""What a server says that does not take our certificate. Source: RFC 8446, section 6.2."""


def is_distrust(err: BaseException | None) -> bool:
    """Return whether one end does not trust the certificate of the other: time changes nothing."""
    if isinstance(err, ssl.SSLCertVerificationError):
        return True
    return isinstance(err, ssl.SSLError) and _DISTRUST.search(str(err.reason)) is not None
