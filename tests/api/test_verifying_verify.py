"""Verifying: the exit code never says proven where it is not, with and without paper."""

from pathlib import Path

import pytest

from quetsach.api.signing import sign_path, write_key_pair
from quetsach.api.verifying import SealStatus, verify
from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.keys import public_pem
from quetsach.signing.printed import groups_of, qr_text, read_printed, words_of
from quetsach.signing.signature import SignedKind
from quetsach.texts import use_language
from tests.signing.seals import KEY, OTHER, WHEN, release


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key.pub.pem"
    path.write_bytes(public_pem(KEY.public))
    return path


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / "other.pub.pem"
    path.write_bytes(public_pem(OTHER.public))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "release.jsonl"
    path.write_bytes(release())
    return path


def words(path: Path) -> str:
    found = verify(path).verdict
    assert found is not None
    return " ".join(words_of(found.digest))


def test_exit_codes_of_a_file_alone(file: Path, key: Path, other: Path) -> None:
    assert verify(file).exit_code == verify(file, keys=[key]).exit_code == 2
    sign_path(file, KEY, WHEN)
    assert verify(file).exit_code == 3
    assert verify(file, keys=[other]).exit_code == 3
    assert verify(file, keys=[other, key]).exit_code == 0
    file.write_bytes(file.read_bytes().replace(b"203", b"204", 1))
    assert verify(file, keys=[key]).exit_code == 2


def test_paper_proves_an_unsigned_file_unless_a_key_was_asked_for(file: Path, key: Path) -> None:
    paper = words(file)
    assert verify(file, printed=paper).exit_code == 0
    assert verify(file, keys=[key], printed=paper).exit_code == 3
    assert verify(None, printed=paper).exit_code == 3


def test_paper_of_another_file_is_bad_even_with_a_trusted_signature(
    file: Path, key: Path, tmp_path: Path
) -> None:
    sign_path(file, KEY, WHEN)
    another = tmp_path / "another.jsonl"
    another.write_bytes(release("198.51.100.1"))
    found = verify(file, keys=[key], printed=words(another))
    assert (found.exit_code, found.paper and found.paper.agrees) == (2, False)


def test_one_misread_group_of_hex_is_named(file: Path) -> None:
    found = verify(file).verdict
    assert found is not None
    groups = list(groups_of(found.digest))
    groups[4] = "0000"
    told = verify(file, printed=" ".join(groups))
    assert told.exit_code == 2
    assert told.paper is not None
    assert told.paper.groups == (5,)


def test_misread_word_is_named_by_place_with_the_right_one(file: Path) -> None:
    use_language("en")
    read = words(file).split()
    right = read[10]
    # One wrong word in 256 has the right checksum; a sheet misread so is that of another file.
    for other in ("abandon", "ability", "zoo", "zone"):
        read[10] = other
        if other != right and not is_read(" ".join(read)):
            break
    with pytest.raises(QuetsachError) as error:
        verify(file, printed=" ".join(read))
    assert error.value.problem.code == "E236"
    assert f"word 11 is {read[10]}, but for this file it is {right}" in str(error.value)


def is_read(text: str) -> bool:
    try:
        read_printed(text)
    except QuetsachError:
        return False
    return True


def test_qr_code_alone_says_who_released_what(file: Path, key: Path, other: Path) -> None:
    text = qr_text(SignedKind.RELEASE, sign_path(file, KEY, WHEN).signature)
    for keys, seal, code in (
        ([key], SealStatus.TRUSTED, 0),
        ([other], SealStatus.NO_KEY, 3),
        ([], SealStatus.NO_KEY, 3),
    ):
        found = verify(None, keys=keys, printed=text)
        assert found.paper is not None
        assert (found.paper.seal, found.exit_code) == (seal, code)


def test_qr_code_with_the_file_uses_the_key_in_the_file_but_does_not_trust_it(file: Path) -> None:
    text = qr_text(SignedKind.RELEASE, sign_path(file, KEY, WHEN).signature)
    found = verify(file, printed=text)
    assert found.paper is not None
    assert (found.paper.seal, found.paper.agrees) == (SealStatus.UNKNOWN_KEY, True)


def test_forged_qr_code_is_bad(file: Path, key: Path) -> None:
    text = qr_text(SignedKind.RELEASE, sign_path(file, KEY, WHEN).signature)
    for old, new in (("T09:30", "T09:31"), (":release:", ":file:")):
        found = verify(file, keys=[key], printed=text.replace(old, new))
        assert found.exit_code == 2
        assert found.paper is not None
        assert found.paper.seal is SealStatus.WRONG


def test_old_key_vouches_for_the_new_one(tmp_path: Path, key: Path) -> None:
    pair = write_key_pair("new", tmp_path)
    sign_path(pair.public, KEY, WHEN)
    assert verify(pair.public, keys=[key]).exit_code == 0
