"""One signature: OpenSSL agrees in both directions, and it has one spelling only."""

import base64
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quetsach.signing.keys import private_pem, public_pem
from quetsach.signing.signature import (
    Signature,
    SignedKind,
    from_json,
    is_valid,
    message,
    sign_digest,
    to_json,
)
from tests.signing.seals import KEY, WHEN

DIGEST = "sha256:" + "ab" * 32
SIGNED = sign_digest(KEY, SignedKind.RELEASE, DIGEST, WHEN)


def openssl(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", "pkeyutl", *words], cwd=folder, capture_output=True)


@pytest.mark.asvs("V11.6.1")
def test_openssl_verifies_our_signature(tmp_path: Path) -> None:
    (tmp_path / "pub.pem").write_bytes(public_pem(KEY.public))
    (tmp_path / "sig").write_bytes(SIGNED.value)
    said = f"quetsach release v1\n{DIGEST}\n2026-11-24T09:30:00+07:00\n"
    for text, right in ((said, True), (said.replace("09:30", "09:31"), False)):
        (tmp_path / "msg").write_text(text)
        run = openssl(
            tmp_path,
            *("-verify", "-pubin", "-inkey", "pub.pem", "-rawin", "-in", "msg"),
            *("-sigfile", "sig"),
        )
        assert (run.returncode == 0) is right


def test_we_verify_the_signature_of_openssl(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(private_pem(KEY, None))
    (tmp_path / "msg").write_bytes(message(SignedKind.FILE, DIGEST, SIGNED.signed))
    words = ("-sign", "-inkey", "key.pem", "-rawin", "-in", "msg", "-out", "sig")
    assert openssl(tmp_path, *words).returncode == 0
    made = Signature(KEY.public.raw, DIGEST, SIGNED.signed, (tmp_path / "sig").read_bytes())
    assert is_valid(made, SignedKind.FILE)
    assert not is_valid(made, SignedKind.RELEASE)


def test_signature_is_read_back_as_it_was_written() -> None:
    assert from_json(to_json(SIGNED)) == SIGNED
    assert is_valid(SIGNED, SignedKind.RELEASE)


def test_digest_time_key_and_kind_are_all_bound() -> None:
    assert not is_valid(replace(SIGNED, digest="sha256:" + "ac" * 32), SignedKind.RELEASE)
    assert not is_valid(replace(SIGNED, signed="2026-11-24T09:30:01+07:00"), SignedKind.RELEASE)
    assert not is_valid(replace(SIGNED, public_key=bytes(32)), SignedKind.RELEASE)
    assert not is_valid(SIGNED, SignedKind.FINDINGS)


@pytest.mark.parametrize(
    "change",
    [
        {"algorithm": "none"},
        {"algorithm": "Ed25519"},
        {"key_id": "0" * 16},
        {"public_key": ""},
        {"public_key": base64.b64encode(KEY.public.raw + b"x").decode()},
        {"digest": DIGEST.upper()},
        {"digest": "sha256:" + "a" * 63},
        {"digest": DIGEST + "\n"},
        {"signed": "2026-11-24"},
        {"signed": "2026-11-24T09:30:00"},
        {"signed": "2026-11-24T02:30:00Z"},
        {"signed": 5},
        {"value": to_json(SIGNED)["value"] + "\n"},
        {"value": to_json(SIGNED)["value"].rstrip("=")},
        {"value": "é" * 88},
        {"more": "x"},
    ],
)
def test_every_other_spelling_is_no_signature(change: dict[str, Any]) -> None:
    assert from_json({**to_json(SIGNED), **change}) is None


def test_what_is_no_object_is_no_signature() -> None:
    for value in (None, [], "x", 1, {"value": "x"}):
        assert from_json(value) is None
