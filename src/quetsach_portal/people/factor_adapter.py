"""What allauth asks the portal about second factors: their secrets are kept encrypted."""

import base64
import hashlib
from io import BytesIO

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """A copy of the database alone makes no codes."""

    def encrypt(self, text: str) -> str:
        """Return `text` so that only this portal reads it."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what `encrypt` was given."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code of `url` as an SVG picture."""
        picture = BytesIO()
        code = segno.make(url, error="m", micro=False)
        code.save(picture, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False)
        return picture.getvalue().decode()


def _box() -> Fernet:
    key = hashlib.sha256(b"people.factors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
