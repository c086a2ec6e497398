"""What a release says of itself, for a page that shows it."""

from pathlib import Path

import pytest

from quetsach.api.lists import ReleaseTarget, ReleaseTitles, release_indicators
from quetsach.api.signing import new_key, release_facts, sign
from quetsach.errors.exceptions import QuetsachError


@pytest.fixture
def release(tmp_path: Path) -> Path:
    source, out = tmp_path / "xau.csv", tmp_path / "xau.jsonl"
    source.write_text("address\n198.51.100.7\n198.51.100.8\nxau.example\n", encoding="utf-8")
    titles = ReleaseTitles(created="2022-09-01T08:00:00+07:00", title="Đợt 1", campaign="Thử")
    release_indicators([source], titles, ReleaseTarget(out=out))
    return out


def test_a_release_tells_its_title_count_and_words(release: Path) -> None:
    facts = release_facts(release)
    assert (facts.title, facts.count, facts.signed_by) == ("Đợt 1", 3, ())
    assert sum(facts.kinds.values()) == 3
    assert len(facts.words) == 24


def test_a_signature_changes_neither_digest_nor_words(release: Path, tmp_path: Path) -> None:
    before = release_facts(release)
    pair = new_key("ky", tmp_path / "keys")
    sign(release, key=pair.private)
    after = release_facts(release)
    assert (after.digest, after.words) == (before.digest, before.words)
    assert len(after.signed_by) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw.replace(b"xau.example", b"tot.example"),
        lambda raw: raw[:-20],
        lambda _raw: b"",
        lambda _raw: b"PK\x03\x04",
    ],
)
def test_what_was_changed_or_is_no_release_is_told(release: Path, damage) -> None:
    release.write_bytes(damage(release.read_bytes()))
    with pytest.raises(QuetsachError):
        release_facts(release)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError, match="E237"):
        release_facts(tmp_path / "none.jsonl")
