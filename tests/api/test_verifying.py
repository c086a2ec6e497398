"""A file, a printed sheet and trusted keys, held against each other."""

from pathlib import Path

import pytest

from quetsach.api.verifying import verify, write_sheet
from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.keys import SigningKey, public_pem
from quetsach.signing.printed import words_of
from tests.signing.seals import KEY, OTHER, release, sealed_by

SIGNED = sealed_by(release(), KEY)


def key_file(folder: Path, key: SigningKey) -> Path:
    path = folder / "key.pub.pem"
    path.write_bytes(public_pem(key.public))
    return path


@pytest.mark.parametrize(
    ("content", "trusted", "state", "code"),
    [
        (SIGNED, KEY, "trusted", 0),
        (SIGNED, OTHER, "unknown-key", 3),
        (SIGNED, None, "unknown-key", 3),
        (SIGNED + b"{}\n", KEY, "altered", 2),
        (SIGNED.replace(b"203.0.113.8", b"203.0.113.9"), KEY, "altered", 2),
        (release(), KEY, "unsigned", 2),
    ],
)
def test_a_file_is_trusted_unknown_altered_or_unsigned(
    tmp_path: Path, content: bytes, trusted: SigningKey | None, state: str, code: int
) -> None:
    file = tmp_path / "release.jsonl"
    file.write_bytes(content)
    verification = verify(file, keys=[key_file(tmp_path, trusted)] if trusted else [])
    assert verification.verdict is not None
    assert (str(verification.verdict.state), verification.exit_code) == (state, code)


def test_words_of_a_sheet_are_those_of_the_file_or_of_another(tmp_path: Path) -> None:
    file, other = tmp_path / "release.jsonl", tmp_path / "other.jsonl"
    file.write_bytes(SIGNED)
    other.write_bytes(sealed_by(release("192.0.2.1"), KEY))
    keys = [key_file(tmp_path, KEY)]
    verdict = verify(file).verdict
    assert verdict is not None
    printed = " ".join(words_of(verdict.digest))
    assert verify(file, keys=keys, printed=printed).exit_code == 0
    assert verify(other, keys=keys, printed=printed).exit_code == 2


def test_a_sheet_is_of_a_signed_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "release.jsonl"
    file.write_bytes(release())
    with pytest.raises(QuetsachError) as refused:
        write_sheet(file)
    assert refused.value.problem.code == "E238"
    file.write_bytes(SIGNED)
    assert write_sheet(file).read_bytes().startswith(b"%PDF")
