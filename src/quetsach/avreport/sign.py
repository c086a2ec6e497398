"""A real XML signature for a message: exclusive C14N, RSA-SHA-256, enveloped, X.509 certificate."""

from typing import TYPE_CHECKING, Any

from quetsach.avreport.message import DSIG, Message
from quetsach.avreport.write import to_bytes, to_tree
from quetsach.errors import QuetsachError
from quetsach.texts import _, plain

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
LEAST_BITS = 2048


def unsigned(message: Message) -> bytes:
    """Return the message without a signature."""
    return to_bytes(to_tree(message, with_place_for_signature=False))


def signed(
    message: Message, *, key: bytes, certificates: bytes, passphrase: bytes | None, where: str
) -> bytes:
    """Return the message with its signature; `key` and `certificates` are PEM, the own one first.

    Errors: E442 when the key is none, or not the certificate's.
    """
    from signxml.exceptions import SignXMLException
    from signxml.signer import XMLSigner

    secret = _key(key, passphrase, where)
    chain = _certificates(certificates, where)
    if chain[0].public_key() != secret.public_key():
        raise QuetsachError("E442", where, reason=_("the certificate is not that of the key"))
    signer = XMLSigner(c14n_algorithm=EXCLUSIVE)
    signer.namespaces = {None: DSIG}  # type: ignore[dict-item]  # its own documented default form
    subject = chain[0].subject.rfc4514_string()
    signer.signature_annotators.append(lambda element, **_more: _name(element, subject))
    tree = to_tree(message, with_place_for_signature=True)
    try:
        return to_bytes(signer.sign(tree, key=secret, cert=chain))
    except (SignXMLException, ValueError) as error:
        raise QuetsachError("E442", where, reason=plain(str(error))) from error


def _name(signature: Any, subject: str) -> None:
    """Add the subject's name before the certificate, where the form has it."""
    from lxml import etree

    # Until it is written, signxml keeps these elements in no namespace.
    data = signature.find("{*}KeyInfo/{*}X509Data")
    element = etree.Element(f"{{{DSIG}}}X509SubjectName")
    element.text = subject
    data.insert(0, element)


def _key(data: bytes, passphrase: bytes | None, where: str) -> "RSAPrivateKey":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(data, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        reason = _("no private key in it, or its passphrase is missing or wrong")
        raise QuetsachError("E442", where, reason=reason) from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_BITS:
        reason = _("the form asks for an RSA key, of at least %(bits)s bits") % {"bits": LEAST_BITS}
        raise QuetsachError("E442", where, reason=reason)
    return key


def _certificates(data: bytes, where: str) -> "list[Certificate]":
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(data)
    except ValueError as error:
        raise QuetsachError("E442", where, reason=_("no certificate in it")) from error
