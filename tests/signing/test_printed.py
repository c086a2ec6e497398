"""What paper says: words, hex and QR text come back to the same digest, and slips are found."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.printed import (
    groups_of,
    qr_text,
    read_printed,
    spoken_of,
    unlike_words,
    words_of,
)
from quetsach.signing.signature import SignedKind, message, sign_digest
from quetsach.texts import use_language
from tests.signing.seals import KEY, WHEN

DIGEST = "sha256:" + hashlib.sha256(b"x").hexdigest()
WORDS = words_of(DIGEST)
digests = st.binary(min_size=32, max_size=32).map(lambda raw: f"sha256:{raw.hex()}")


def reason(text: str) -> str:
    use_language("en")
    with pytest.raises(QuetsachError) as error:
        read_printed(text)
    assert error.value.problem.code == "E236"
    return str(error.value.problem.facts["reason"])


@given(digests)
def test_words_and_hex_come_back_to_their_digest(digest: str) -> None:
    words = words_of(digest)
    assert len(words) == 24
    for text in (
        " ".join(words),
        "\n".join(words).upper(),
        " ".join(word[:4] for word in words),
        "  ".join(f"{place}. {word}," for place, word in enumerate(words, 1)),
        " ".join(groups_of(digest)),
        digest,
        digest.removeprefix("sha256:").upper(),
    ):
        assert read_printed(text).digest == digest


def test_known_vector_of_the_standard() -> None:
    # Source: the test vectors of BIP-39.
    assert words_of("sha256:" + "00" * 32) == ("abandon",) * 23 + ("art",)
    assert words_of("sha256:" + "ff" * 32) == ("zoo",) * 23 + ("vote",)


@given(digests)
def test_the_spoken_digits_are_six_groups_of_four_of_the_whole_digest(digest: str) -> None:
    groups = spoken_of(digest)
    assert [len(group) for group in groups] == [4] * 6
    assert int("".join(groups)) == int(digest.removeprefix("sha256:"), 16) % 10**24


def test_spoken_digits_keep_their_leading_zeros() -> None:
    assert spoken_of("sha256:" + "0" * 63 + "7") == ("0000",) * 5 + ("0007",)


@given(digests, st.integers(0, 22))
def test_two_words_in_wrong_order_are_found(digest: str, place: int) -> None:
    words = list(words_of(digest))
    words[place], words[place + 1] = words[place + 1], words[place]
    if tuple(words) != words_of(digest):
        assert digest_in(" ".join(words)) != digest
        assert [one[0] for one in unlike_words(" ".join(words), digest)] == [place + 1, place + 2]


def digest_in(text: str) -> str | None:
    try:
        return read_printed(text).digest
    except QuetsachError:
        return None


def test_word_that_is_not_in_the_list_is_named_by_its_place() -> None:
    words = [*WORDS[:6], "absurb", *WORDS[7:]]
    told = reason(" ".join(words))
    assert told.startswith("word 7 (absurb) is not in the list of words; did you mean absurd")


def test_missing_word_and_cut_hex_are_counted() -> None:
    assert reason(" ".join(WORDS[:23])) == "23 words, but a digest has 24"
    assert reason(DIGEST[:-1]) == "63 hex digits, but a digest has 64"


@pytest.mark.parametrize("text", ["", "   ", "…", "quetsach:", "quetsach:2:x", "a" * 5000, "\0"])
def test_what_is_on_no_sheet_is_refused(text: str) -> None:
    assert reason(text)


def test_qr_text_carries_all_that_its_signature_needs() -> None:
    signature = sign_digest(KEY, SignedKind.RELEASE, DIGEST, WHEN)
    text = qr_text(SignedKind.RELEASE, signature)
    printed = read_printed(f"{text[:70]}\n {text[70:]}")
    assert printed.kind is SignedKind.RELEASE
    assert (printed.digest, printed.key_id) == (DIGEST, KEY.public.key_id)
    said = message(printed.kind, printed.digest, printed.signed)
    assert KEY.public.verifies(printed.value, said)


def test_no_cut_of_the_qr_text_is_read() -> None:
    text = qr_text(SignedKind.FILE, sign_digest(KEY, SignedKind.FILE, DIGEST, WHEN))
    for end in range(9, len(text)):
        assert reason(text[:end]), end
