"""A key that never leaves its token signs, too: SoftHSM stands for the token."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.pades.certificates import TokenKey, signer_of_token
from quetsach.signing.pades.sign import SignaturePurpose, sign_pdf
from quetsach.signing.pades.state import PdfState
from quetsach.signing.pades.verify import verify_pdf
from tests.signing.pades.authority import NOW, clerk, pdf, trust

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
MODULE = next((one for one in MODULES if Path(one).exists()), "")
PIN = "123456"

pytestmark = pytest.mark.skipif(
    not MODULE or shutil.which("softhsm2-util") is None, reason="no SoftHSM (softhsm2) here"
)


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenKey]:
    home = tmp_path_factory.mktemp("token")
    (home / "tokens").mkdir()
    config = home / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {home / 'tokens'}\nlog.level = ERROR\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(config)
    made = ("--init-token", "--free", "--label", "van-thu", "--pin", PIN, "--so-pin", PIN)
    subprocess.run(("softhsm2-util", *made), check=True, capture_output=True)
    key = home / "key.pem"
    key.write_bytes(clerk().key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    given = ("--import", key, "--token", "van-thu", "--label", "ky", "--id", "01", "--pin", PIN)
    subprocess.run(("softhsm2-util", *given), check=True, capture_output=True)
    _put_certificate()
    yield TokenKey(MODULE, "van-thu", "ky")
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


def _put_certificate() -> None:
    import pkcs11
    from pkcs11.util.x509 import decode_x509_certificate

    held = pkcs11.lib(MODULE).get_token(token_label="van-thu")
    with held.open(rw=True, user_pin=PIN) as session:
        found = decode_x509_certificate(clerk().der())
        labels = {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: "ky"}
        session.create_object({**found, **labels, pkcs11.Attribute.ID: b"\x01"})


def test_a_token_signs_and_its_signature_is_valid(token: TokenKey) -> None:
    with signer_of_token(token, PIN) as signer:
        data = sign_pdf(pdf(), signer, SignaturePurpose())
    assert verify_pdf(data, trust(), NOW).state is PdfState.VALID


def test_a_wrong_pin_and_a_token_that_is_not_there_are_told(token: TokenKey) -> None:
    for asked, pin in ((token, "654321"), (TokenKey(MODULE, "khac"), PIN)):
        with pytest.raises(QuetsachError, match="E471"), signer_of_token(asked, pin) as signer:
            sign_pdf(pdf(), signer, SignaturePurpose())
