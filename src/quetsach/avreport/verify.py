"""Verifying the XML signature of a message: its signer, its trust, and the data that it covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from quetsach.avreport.message import DSIG
from quetsach.containers.xml import new_parser
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _, plain

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from lxml.etree import _Element

MOST_CERTIFICATES = 10

METHODS = (
    "RSA_SHA256",
    "RSA_SHA384",
    "RSA_SHA512",
    "ECDSA_SHA256",
    "ECDSA_SHA384",
    "ECDSA_SHA512",
    "SHA256_RSA_MGF1",
    "SHA384_RSA_MGF1",
    "SHA512_RSA_MGF1",
)
DIGESTS = ("SHA256", "SHA384", "SHA512")

# Every other transform (XSLT, XPath, base64) changes the verified content.
_TRANSFORMS = frozenset(
    {
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/2006/12/xml-c14n11#WithComments",
    }
)
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"

# Source: the public connector Bit2GovSOC, which sends this block in place of a signature.
_SAMPLE_DIGEST = "PuRChYEMCsAVya7V39ybDhGodNKDo8OTQtOOUwtx4B5"


class XmlSignatureState(StrEnum):
    """The result of verifying the signature of a message."""

    TRUSTED = "trusted"
    UNKNOWN = "unknown-certificate"
    EXPIRED = "expired-certificate"
    WRONG = "wrong"
    UNSIGNED = "unsigned"


@dataclass(frozen=True)
class XmlSigner:
    """The certificate that signed: subject, issuer, number and the time in which it is valid."""

    subject: str
    issuer: str
    serial: str
    valid_from: str
    valid_until: str
    sha256: str


@dataclass(frozen=True)
class XmlSignature:
    """The verdict on a message; `covered` is the tree that was signed, None where none is."""

    state: XmlSignatureState
    reason: str
    signer: XmlSigner | None = None
    covered: "_Element | None" = None


def read_certificates(pem: bytes, where: str) -> "list[Certificate]":
    """Return the certificates in a PEM file. Errors: E443 when there is none."""
    from cryptography.x509 import InvalidVersion, load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(pem)
    except (ValueError, InvalidVersion) as error:
        raise QuetsachError("E443", where, reason=_("no certificate in it")) from error


def verify(
    message: bytes, root: "_Element", trusted: "Sequence[Certificate]", when: datetime
) -> XmlSignature:
    """Return the verdict on `message`, whose tree is `root`, as of `when` (aware).

    Only a signature over the whole message counts: what it covers is given back, and nothing else
    of the message may be treated as signed.
    """
    elements = list(root.iter(f"{{{DSIG}}}Signature"))
    if not elements:
        return _unsigned(root)
    wrong = _wrong_form(elements)
    if wrong:
        return XmlSignature(XmlSignatureState.WRONG, wrong)
    certificates = _certificates_in(elements[0])
    if not certificates:
        return XmlSignature(
            XmlSignatureState.WRONG, _("it carries no certificate that can be read")
        )
    reason = ""
    for certificate in certificates:
        covered, reason = _covered(message, certificate)
        if covered is not None:
            return _judged(certificate, certificates, covered, trusted, when)
    return XmlSignature(XmlSignatureState.WRONG, reason)


def _unsigned(root: "_Element") -> XmlSignature:
    if next(root.iter("{*}Signature"), None) is not None:
        return XmlSignature(
            XmlSignatureState.UNSIGNED, _("its Signature is not that of the standard")
        )
    return XmlSignature(XmlSignatureState.UNSIGNED, _("it has no signature"))


def _wrong_form(elements: "Sequence[_Element]") -> str:
    """Return why this form of signature is not accepted, or ""."""
    if len(elements) > 1:
        return _("it has more than one signature")
    signature = elements[0]
    digests = [one.text or "" for one in signature.iter(f"{{{DSIG}}}DigestValue")]
    if any(one.strip().rstrip("=") == _SAMPLE_DIGEST for one in digests):
        return _("the fixed sample signature of a public connector, not one of this message")
    references = list(signature.iter(f"{{{DSIG}}}Reference"))
    if len(references) != 1:
        return _("it signs %(count)s elements instead of the message alone") % {
            "count": len(references)
        }
    if references[0].get("URI") != "":
        return _("it signs a part of the message, not the whole")
    used = [str(one.get("Algorithm")) for one in signature.iter(f"{{{DSIG}}}Transform")]
    odd = [one for one in used if one not in _TRANSFORMS]
    if odd:
        return _("a transform that is not accepted: %(name)s") % {"name": plain(odd[0][:100])}
    if used.count(_ENVELOPED) != 1 or len(used) > 3:
        return _("its transforms are not those of an enveloped signature")
    return ""


def _certificates_in(signature: "_Element") -> "list[Certificate]":
    import base64
    import binascii

    from cryptography.x509 import load_der_x509_certificate

    certificates: list[Certificate] = []
    elements = list(signature.iter(f"{{{DSIG}}}X509Certificate"))
    for element in elements[:MOST_CERTIFICATES]:
        try:
            der = base64.b64decode("".join((element.text or "").split()), validate=True)
            certificates.append(load_der_x509_certificate(der))
        except (binascii.Error, ValueError):
            continue
    return certificates


def _covered(message: bytes, certificate: "Certificate") -> "tuple[_Element | None, str]":
    """Return the tree that this certificate's key has signed, or None and why not."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from lxml import etree
    from signxml.algorithms import DigestAlgorithm, SignatureMethod
    from signxml.exceptions import SignXMLException
    from signxml.verifier import SignatureConfiguration, XMLVerifier

    expected = SignatureConfiguration(
        location=".//",
        expect_references=1,
        signature_methods=frozenset(SignatureMethod[name] for name in METHODS),
        digest_algorithms=frozenset(DigestAlgorithm[name] for name in DIGESTS),
        # Whether the certificate is valid today is checked separately, and reported.
        verification_time=certificate.not_valid_before_utc,
    )
    try:
        result: Any = XMLVerifier().verify(
            message, x509_cert=certificate, expect_config=expected, parser=new_parser()
        )
    except (SignXMLException, InvalidSignature) as error:
        return None, _("the signature does not fit: %(why)s") % {"why": plain(str(error)[:200])}
    except (
        *(etree.LxmlError, UnsupportedAlgorithm, NotImplementedError),
        *(ValueError, TypeError, AttributeError, KeyError),
    ) as error:
        # A hostile signature can be malformed anywhere; the library checks only some parts.
        return None, _("the signature cannot be read: %(why)s") % {"why": plain(str(error)[:200])}
    if result.signed_xml is None:
        return None, _("the signed content is not XML")
    return result.signed_xml, ""


def _judged(
    leaf: "Certificate",
    others: "Sequence[Certificate]",
    covered: "_Element",
    trusted: "Sequence[Certificate]",
    when: datetime,
) -> XmlSignature:
    signer = _signer(leaf)
    unfit = _unfit(leaf)
    if unfit:
        return XmlSignature(XmlSignatureState.UNKNOWN, unfit, signer, covered)
    lives = leaf.not_valid_before_utc <= when <= leaf.not_valid_after_utc
    # For an expired certificate: whether it was trusted when it was issued.
    if not _is_trusted(leaf, others, trusted, when if lives else leaf.not_valid_before_utc):
        reason = _("the certificate is not one that you trust, nor issued by one")
        return XmlSignature(XmlSignatureState.UNKNOWN, reason, signer, covered)
    if not lives:
        facts = {"from": signer.valid_from, "until": signer.valid_until}
        reason = _("the certificate is valid only from %(from)s to %(until)s") % facts
        return XmlSignature(XmlSignatureState.EXPIRED, reason, signer, covered)
    return XmlSignature(XmlSignatureState.TRUSTED, "", signer, covered)


def _unfit(leaf: "Certificate") -> str:
    from cryptography.x509 import ExtensionNotFound, KeyUsage

    try:
        usage = leaf.extensions.get_extension_for_class(KeyUsage).value
    except ExtensionNotFound:
        return ""
    except ValueError:
        return _("the certificate is damaged")
    if usage.digital_signature or usage.content_commitment:
        return ""
    return _("the certificate is not meant for signing")


def _is_trusted(
    leaf: "Certificate",
    others: "Sequence[Certificate]",
    trusted: "Sequence[Certificate]",
    when: datetime,
) -> bool:
    from cryptography.x509.verification import (
        ExtensionPolicy,
        PolicyBuilder,
        Store,
        VerificationError,
    )

    if leaf in trusted:
        return True
    if not trusted:
        return False
    policy = PolicyBuilder().store(Store(list(trusted))).time(when)
    policy = policy.extension_policies(
        ee_policy=ExtensionPolicy.permit_all(), ca_policy=ExtensionPolicy.webpki_defaults_ca()
    )
    between = [one for one in others if one != leaf]
    try:
        policy.build_client_verifier().verify(leaf, between)
    except (VerificationError, ValueError):
        return False
    return True


def _signer(leaf: "Certificate") -> XmlSigner:
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        subject, issuer = leaf.subject.rfc4514_string(), leaf.issuer.rfc4514_string()
    except ValueError:
        subject = issuer = "?"
    return XmlSigner(
        subject=plain(subject),
        issuer=plain(issuer),
        serial=f"{leaf.serial_number:x}",
        valid_from=leaf.not_valid_before_utc.isoformat(),
        valid_until=leaf.not_valid_after_utc.isoformat(),
        sha256=leaf.fingerprint(SHA256()).hex(),
    )
