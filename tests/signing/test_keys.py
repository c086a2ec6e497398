"""Keys: what is written is read back, by us and by OpenSSL, and nothing else is taken for a key."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.keys import (
    generate_key_pair,
    private_pem,
    public_pem,
    read_private,
    read_public,
)
from tests.signing.seals import KEY


def code_of(error: pytest.ExceptionInfo[QuetsachError]) -> str:
    return error.value.problem.code


def test_pair_is_read_back_with_its_owner() -> None:
    again = read_private(private_pem(KEY, None), "k")
    assert again.public == KEY.public == read_public(public_pem(KEY.public), "k")
    assert KEY.public.owner == "Sở KH&CN Vĩnh Long"


def test_key_number_is_the_start_of_the_digest_of_the_raw_key(tmp_path: Path) -> None:
    (tmp_path / "pub.pem").write_bytes(public_pem(KEY.public))
    der = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", "pub.pem", "-outform", "DER"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    ).stdout
    assert der.endswith(KEY.public.raw)
    told = subprocess.run(["sha256sum"], input=der[-32:], capture_output=True, check=True).stdout
    assert told.decode().startswith(KEY.public.key_id)


def test_a_key_whose_bytes_are_too_few_is_refused() -> None:
    # OpenSSL gives it no error of its own.
    short = b"MC4CAQAwBQYDK2VxBCIEIE8P5y2YuTHgvmQR2qWxDcyu6m6NJPpWAdOmMO5Ixom3"
    pem = b"-----BEGIN PRIVATE KEY-----\n" + short + b"\n-----END PRIVATE KEY-----\n"
    with pytest.raises(QuetsachError) as error:
        read_private(pem, "k")
    assert code_of(error) == "E230"


@pytest.mark.asvs("V11.4.4")
def test_locked_key_opens_with_its_passphrase_only() -> None:
    pem = private_pem(KEY, "mật khẩu".encode())
    assert read_private(pem, "k", "mật khẩu".encode()).public == KEY.public
    for wrong in (None, b"", b"other"):
        with pytest.raises(QuetsachError) as error:
            read_private(pem, "k", wrong)
        assert code_of(error) == "E231"


def test_key_that_openssl_made_signs_for_us(tmp_path: Path) -> None:
    subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ed25519", "-out", "k.pem"], cwd=tmp_path, check=True
    )
    key = read_private((tmp_path / "k.pem").read_bytes(), "k.pem")
    assert key.public.verifies(key.sign(b"x"), b"x")
    assert not key.public.verifies(key.sign(b"x"), b"y")


@pytest.mark.asvs("V11.2.3", "V11.6.1")
@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"not a key",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        b"x" * 100_000,
        rsa.generate_private_key(65537, 2048).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ),
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    ],
)
def test_what_is_no_ed25519_key_is_refused_with_a_reason(pem: bytes) -> None:
    for read in (read_private, read_public):
        with pytest.raises(QuetsachError) as error:
            read(pem, "k.pem")
        assert code_of(error) == "E230"


def test_private_key_is_not_taken_for_a_public_one() -> None:
    with pytest.raises(QuetsachError) as error:
        read_public(private_pem(KEY, None), "k.pem")
    assert code_of(error) == "E230"


def test_owner_cannot_forge_another_key_block_or_line() -> None:
    key = generate_key_pair("a\n-----BEGIN PUBLIC KEY-----\nOwner: b\x1b[2J" + "x" * 500)
    pem = public_pem(key.public)
    assert pem.count(b"-----BEGIN") == 1
    assert b"\x1b" not in pem
    assert read_public(pem, "k").raw == key.public.raw
