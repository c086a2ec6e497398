"""Certificates that sign: a PKCS#12 file, or a token by its PKCS#11 module."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quetsach.errors import QuetsachError
from quetsach.texts import _

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

MOST_BYTES = 1024 * 1024


@dataclass(frozen=True)
class TokenKey:
    """Which key of which token: the PKCS#11 module, the token's label, and that of its certificate.

    Shapes: with `certificate` None, the token's only certificate is meant.
    """

    module: str
    token: str
    certificate: str | None = None


def signer_of_file(data: bytes, passphrase: bytes | None, where: str) -> "Signer":
    """Return what signs with the key in a PKCS#12 file.

    Errors: E471 when it holds none, or the passphrase does not open it.
    """
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
    from pyhanko.sign.signers import SimpleSigner

    if len(data) > MOST_BYTES:
        raise QuetsachError("E471", where, reason=_("it is too large for a key"))
    try:
        # pyHanko logs what is wrong and returns None; here it is said.
        held = load_pkcs12(data, passphrase)
        signer: Signer = SimpleSigner.load_pkcs12_data(data, [], passphrase)
    except ValueError as error:
        raise QuetsachError(
            "E471", where, reason=_("it is no PKCS#12 file, or the passphrase is wrong")
        ) from error
    if held.key is None or held.cert is None:
        raise QuetsachError("E471", where, reason=_("no key with its certificate in it"))
    return signer


@contextmanager
def signer_of_token(key: TokenKey, pin: str) -> "Iterator[Signer]":
    """Give what signs with a key that never leaves its token; the session ends with the block.

    Errors: E471 when the module, the token or the key is not there, or the PIN is wrong.
    """
    try:
        import pkcs11
        from pyhanko.config.pkcs11 import PKCS11SignatureConfig, TokenCriteria
        from pyhanko.sign.general import SigningError
        from pyhanko.sign.pkcs11 import PKCS11SigningContext
    except ImportError as error:  # the driver of tokens is left out on some systems
        raise QuetsachError("E471", key.module, reason=str(error)) from error
    config = PKCS11SignatureConfig(
        module_path=key.module,
        token_criteria=TokenCriteria(label=key.token),
        cert_label=key.certificate,
        # Hashed here and signed there: the one way that every token has.
        raw_mechanism=True,
    )
    try:
        with PKCS11SigningContext(config, user_pin=pin) as signer:
            yield signer
    except (SigningError, pkcs11.PKCS11Error) as error:
        raise QuetsachError(
            "E471", key.token, reason=str(error)[:200] or type(error).__name__
        ) from error
