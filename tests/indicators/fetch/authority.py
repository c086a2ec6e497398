"""An authority of the tests that gives servers and offices their certificates."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_PEM = serialization.Encoding.PEM


@dataclass
class Authority:
    """An authority with its certificate in `folder`; what it issues lies beside it."""

    folder: Path
    name: str = "authority.example"
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = self._signed(self.name, self.key, is_authority=True)

    def issue(self, name: str, passphrase: bytes = b"") -> Path:
        """Return the file of a certificate of 127.0.0.1; its key is beside it, ending in .key."""
        key = ec.generate_private_key(ec.SECP256R1())
        file = self._signed(name, key, is_authority=False)
        under = (
            serialization.BestAvailableEncryption(passphrase)
            if passphrase
            else serialization.NoEncryption()
        )
        written = file.with_suffix(".key")
        written.write_bytes(key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, under))
        written.chmod(0o600)
        return file

    def _signed(self, name: str, key: ec.EllipticCurvePrivateKey, *, is_authority: bool) -> Path:
        now = datetime.now(UTC)
        names = [x509.DNSName(name), x509.IPAddress(IPv4Address("127.0.0.1"))]
        signed = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, self.name)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .sign(self.key, hashes.SHA256())
        )
        file = self.folder / f"{name}.pem"
        file.write_bytes(signed.public_bytes(_PEM))
        return file
