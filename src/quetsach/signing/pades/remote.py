"""Remote signing by the API of the Cloud Signature Consortium (CSC): what is asked and answered.

The key stays with the trust service; it gets the digest of what is signed, never the document.
Source: CSC API 1.0.4.0 and 2.0.0.2, the methods under credentials/ and signatures/signHash.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.pades.certificates import PdfCertificate, described
from quetsach.signing.pades.sign import UNREADABLE
from quetsach.texts import _, plain

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

Ask = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""Sends a message to a method of the service, such as "credentials/list", and returns its answer.

Errors: E476 when the service refuses, cannot be reached or answers nonsense.
"""

SHA256 = "2.16.840.1.101.3.4.2.1"
_RSA, _RSA_SHA256 = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11"
_EC, _ECDSA_SHA256 = "1.2.840.10045.2.1", "1.2.840.10045.4.3.2"
_ALGORITHMS = (_RSA_SHA256, _ECDSA_SHA256, _RSA, _EC)
"""In the order of choice: one that names its digest, else the bare one with the digest beside."""

MOST_CREDENTIALS = 20
LONGEST_ID = 200
LONGEST_CODE = 64
_MOST_CERTIFICATES = 10


class CscVersion(StrEnum):
    """The edition of the API, as the base address of a service ends."""

    V1 = "v1"
    V2 = "v2"


class OneTimeCode(StrEnum):
    """Whether the service wants a code for one time, and whether it must be asked to send it."""

    NONE = ""
    OFFLINE = "offline"
    ONLINE = "online"


@dataclass(frozen=True)
class RemoteKey:
    """A key at the service, with its certificates: the signer's own first, then those above it."""

    credential_id: str
    certificate: PdfCertificate
    above: tuple[bytes, ...]
    algorithm: str
    needs_pin: bool
    one_time_code: OneTimeCode


@dataclass(frozen=True)
class SignerCodes:
    """What the signer types to release the key; never shown in a text or a log."""

    pin: str = field(default="", repr=False)
    otp: str = field(default="", repr=False)


def credentials_of(ask: Ask, user_id: str) -> tuple[str, ...]:
    """Return the ids of the keys that `user_id` has at the service; "" is the token's own user."""
    message: dict[str, Any] = {"maxResults": MOST_CREDENTIALS}
    if user_id:
        message["userID"] = user_id[:LONGEST_ID]
    ids = _list(ask("credentials/list", message), "credentialIDs")
    return tuple(_text(value) for value in ids[:MOST_CREDENTIALS])


def key_of(ask: Ask, credential_id: str, version: CscVersion) -> RemoteKey:
    """Return the key with that id. Errors: E476 for one that cannot sign now, and says why."""
    message = {"credentialID": credential_id, "certificates": "chain", "certInfo": True}
    answer = ask("credentials/info", {**message, "authInfo": True})
    chain = [_der(text) for text in _list(_part(answer, "cert"), "certificates")]
    if not chain:
        raise refused(_("it has no certificate for this key"))
    if _part(answer, "key").get("status", "enabled") != "enabled":
        raise refused(_("the key is disabled"))
    if _part(answer, "cert").get("status", "valid") != "valid":
        raise refused(_("the certificate is not valid (%(state)s)") % {"state": _state(answer)})
    needs_pin, one_time_code = _authorization(answer, version)
    return RemoteKey(
        credential_id,
        _described(chain[0]),
        tuple(chain[1:_MOST_CERTIFICATES]),
        _algorithm(_list(_part(answer, "key"), "algo")),
        needs_pin,
        one_time_code,
    )


def send_code(ask: Ask, credential_id: str, version: CscVersion) -> None:
    """Let the service send the code for one time to the signer's phone."""
    method = "sendOTP" if version is CscVersion.V1 else "getChallenge"
    ask(f"credentials/{method}", {"credentialID": credential_id})


def signature_of(
    ask: Ask, key: RemoteKey, digest: bytes, codes: SignerCodes, version: CscVersion
) -> bytes:
    """Return the signature of a SHA-256 digest, released by `codes` for this digest alone."""
    coded = b64encode(digest).decode()
    is_first = version is CscVersion.V1
    asked: dict[str, Any] = {"credentialID": key.credential_id, "numSignatures": 1}
    asked |= {"hash": [coded]} if is_first else {"hashes": [coded], "hashAlgorithmOID": SHA256}
    answer = ask("credentials/authorize", {**asked, **_typed(codes, version)})
    released = _text(answer.get("SAD"), most=100_000)
    message: dict[str, Any] = {"credentialID": key.credential_id, "SAD": released}
    if is_first:
        message |= {"hash": [coded], "hashAlgo": SHA256}
    else:
        message |= {"hashes": [coded], "hashAlgorithmOID": SHA256}
    signed = _list(ask("signatures/signHash", {**message, "signAlgo": key.algorithm}), "signatures")
    if len(signed) != 1:
        raise refused(_("it did not return one signature"))
    return _der(signed[0])


def remote_signer(ask: Ask, key: RemoteKey, codes: SignerCodes, version: CscVersion) -> "Signer":
    """Return what signs a PDF with a key at the service.

    A signature that the certificate does not confirm is refused before anything is written (E476).
    """
    # pyHanko takes a second to load: only who signs pays for it.
    from asn1crypto.algos import SignedDigestAlgorithm
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.signers import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko leaves it open
    certificates = [Certificate.load(der) for der in (key.certificate.der, *key.above)]
    store.register_multiple(certificates)
    is_ec = key.algorithm in (_EC, _ECDSA_SHA256)
    kind = "sha256_ecdsa" if is_ec else "sha256_rsa"

    class RemoteSigner(Signer):
        """Sends the digest of the signed attributes to the service."""

        async def async_sign_raw(
            self,
            attributes: bytes,
            digest_algorithm: str,  # noqa: ARG002 - always SHA-256 here
            dry_run: bool = False,
        ) -> bytes:
            """Return the signature of `attributes`; for a dry run as many bytes as it may have."""
            if dry_run:
                return bytes(1024)
            digest = hashlib.sha256(attributes).digest()
            signature = signature_of(ask, key, digest, codes, version)
            return _confirmed(key.certificate.der, digest, signature)

    return RemoteSigner(
        signing_cert=certificates[0],
        cert_registry=store,
        signature_mechanism=SignedDigestAlgorithm({"algorithm": kind}),
    )


def refused(reason: str) -> QuetsachError:
    """Return the problem of a remote signature that does not come about."""
    return QuetsachError("E476", "CSC", reason=reason)


def _confirmed(certificate: bytes, digest: bytes, signature: bytes) -> bytes:
    """Return the signature as PDF programs take it, after the certificate confirmed it."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
    from cryptography.x509 import load_der_x509_certificate

    public, hashed = load_der_x509_certificate(certificate).public_key(), Prehashed(hashes.SHA256())
    half = len(signature) // 2
    numbers = int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
    # Some services return the two numbers of ECDSA bare, others as DER.
    for form in (signature, encode_dss_signature(*numbers)):
        try:
            if isinstance(public, rsa.RSAPublicKey):
                public.verify(form, digest, padding.PKCS1v15(), hashed)
            elif isinstance(public, ec.EllipticCurvePublicKey):
                public.verify(form, digest, ec.ECDSA(hashed))
            else:
                break
        except InvalidSignature:
            continue
        return form
    raise refused(_("its signature does not belong to the certificate"))


def _typed(codes: SignerCodes, version: CscVersion) -> dict[str, Any]:
    values = {"PIN": codes.pin[:LONGEST_CODE], "OTP": codes.otp[:LONGEST_CODE]}
    typed = {name: value for name, value in values.items() if value}
    if version is CscVersion.V1:
        return dict(typed)
    return {"authData": [{"id": name, "value": value} for name, value in typed.items()]}


def _authorization(answer: Mapping[str, Any], version: CscVersion) -> tuple[bool, OneTimeCode]:
    """Return whether a PIN and which code for one time release the key."""
    if version is CscVersion.V1:
        mode = answer.get("authMode", "explicit")
        pin = _part(answer, "PIN").get("presence") in ("true", True)
        otp = _part(answer, "OTP")
        wants_code, is_online = otp.get("presence") in ("true", True), otp.get("type") == "online"
    else:
        auth = _part(answer, "auth")
        mode, objects = auth.get("mode", "explicit"), auth.get("objects", [])
        kinds = {str(entry.get("id")): entry for entry in objects if isinstance(entry, Mapping)}
        pin, wants_code = "PIN" in kinds, "OTP" in kinds
        is_online = _part(kinds, "OTP").get("type") == "ChallengeResponse"
    if mode not in ("implicit", "explicit"):
        raise refused(_("it asks for a log-in in its own page, which is not supported here"))
    if mode == "explicit" and not pin and not wants_code:
        raise refused(_("neither a PIN nor a code releases the key"))
    if not wants_code:
        return pin, OneTimeCode.NONE
    return pin, OneTimeCode.ONLINE if is_online else OneTimeCode.OFFLINE


def _algorithm(offered: Sequence[Any]) -> str:
    chosen = next((name for name in _ALGORITHMS if name in offered), None)
    if chosen is None:
        raise refused(_("it signs neither by RSA nor by ECDSA"))
    return chosen


def _described(der: bytes) -> PdfCertificate:
    from asn1crypto.x509 import Certificate

    try:
        return described(Certificate.load(der, strict=True))
    except UNREADABLE as error:
        raise refused(_("its certificate cannot be read")) from error


def _state(answer: Mapping[str, Any]) -> str:
    return plain(str(_part(answer, "cert").get("status"))[:40])


def _part(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = answer.get(name)
    return part if isinstance(part, Mapping) else {}


def _list(answer: Mapping[str, Any], name: str) -> Sequence[Any]:
    rows = answer.get(name)
    if not isinstance(rows, list):
        raise refused(_("its answer has no “%(name)s”") % {"name": name})
    return rows


def _text(value: Any, most: int = LONGEST_ID) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise refused(_("its answer cannot be read"))
    return value


def _der(value: Any) -> bytes:
    try:
        return b64decode(_text(value, most=64_000), validate=False)
    except ValueError as error:
        raise refused(_("its answer cannot be read")) from error
