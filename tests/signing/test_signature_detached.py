"""A signature beside a file: read back exactly, and damaged by any change."""

from io import BytesIO

import pytest

from quetsach.signing.signature import (
    SignatureState,
    SignedKind,
    digest_of,
    judge,
    read_detached,
    sign_digest,
    write_detached,
)
from tests.signing.seals import KEY, OTHER, WHEN

FILE = b"nh\xe1\xbb\xafng g\xc3\xac \xc4\x91\xc3\xa3 k\xc3\xbd\n"
DIGEST = digest_of(BytesIO(FILE))
BESIDE = write_detached([sign_digest(key, SignedKind.FILE, DIGEST, WHEN) for key in (KEY, OTHER)])


def state(digest: str, beside: bytes | None) -> SignatureState:
    return judge(read_detached(digest, beside), (KEY.public,)).state


def test_file_is_trusted_with_its_signature_and_unsigned_without() -> None:
    assert state(DIGEST, BESIDE) is SignatureState.TRUSTED
    assert state(DIGEST, None) is SignatureState.UNSIGNED


def test_other_content_is_altered() -> None:
    assert state(digest_of(BytesIO(FILE + b"x")), BESIDE) is SignatureState.ALTERED


def test_every_flipped_bit_and_cut_of_the_signature_is_found() -> None:
    for place in range(len(BESIDE)):
        damaged = bytearray(BESIDE)
        damaged[place] ^= 1
        assert state(DIGEST, bytes(damaged)) is SignatureState.ALTERED, place
        assert state(DIGEST, BESIDE[:place]) is SignatureState.ALTERED, place


@pytest.mark.parametrize("beside", [b"{}", b"[" * 60_000, b"null", BESIDE * 2, b"x" * 1_000_000])
def test_what_is_no_signature_file_is_altered(beside: bytes) -> None:
    assert state(DIGEST, beside) is SignatureState.ALTERED
