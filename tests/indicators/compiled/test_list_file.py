"""A compiled file gives back what was put in; a damaged, cut or foreign one is refused."""

import hashlib
from pathlib import Path

import pytest

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.indicators.column_building import build_columns
from quetsach.indicators.column_details import add_details
from quetsach.indicators.compiled import list_file
from quetsach.indicators.compiled.list_file import (
    MARK,
    CompiledContent,
    CompiledWith,
    is_compiled,
    open_compiled,
    write_compiled,
)
from quetsach.indicators.model import ListReading, Origin, Refusal
from tests.indicators.columns import bulk, some_indicators

READING = ListReading(
    "great.txt", "0" * 64, "plain", "", 5, 5, 0, (Problem("E202", "x", {"reason": "y"}),), "ai đó"
)
CONTENT = CompiledContent(
    add_details(build_columns([bulk()]), some_indicators()),
    "d" * 64,
    (READING,),
    (Refusal(Origin("great.txt", "0" * 64, 9, "10.0.0.1"), "private", "10.0.0.1"),),
    CompiledWith(own=("192.0.2.0/24",), zone="Asia/Ho_Chi_Minh"),
)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "all.qslist"
    write_compiled(path, CONTENT)
    return path


def test_what_was_written_is_read_back(written: Path) -> None:
    compiled = open_compiled(written)
    assert list(compiled.columns.every()) == list(CONTENT.columns.every())
    assert (compiled.readings, compiled.refusals) == (CONTENT.readings, CONTENT.refusals)
    assert (compiled.made_with, compiled.columns.digest) == (CONTENT.made_with, CONTENT.digest)
    assert is_compiled(written)
    again = written.with_name("again.qslist")
    write_compiled(again, CONTENT)
    assert again.read_bytes() == written.read_bytes()


def test_the_digest_of_the_file_is_told_where_it_is_asked_for(written: Path) -> None:
    assert open_compiled(written).sha256 == hashlib.sha256(written.read_bytes()).hexdigest()
    quiet = open_compiled(written, own_only=True, wants_sha256=False)
    assert (quiet.sha256, quiet.identity) == ("", open_compiled(written).identity)


def test_no_damage_goes_unseen(written: Path) -> None:
    whole = written.read_bytes()
    for place in (*range(56), len(whole) // 2, len(whole) - 1):
        damaged = bytearray(whole)
        damaged[place] ^= 0x41
        written.write_bytes(damaged)
        with pytest.raises(QuetsachError) as caught:
            open_compiled(written)
        assert caught.value.problem.code in ("E271", "E272")
    for length in (0, 8, 55, 56, len(whole) // 2, len(whole) - 1):
        written.write_bytes(whole[:length])
        with pytest.raises(QuetsachError) as caught:
            open_compiled(written)
        assert caught.value.problem.code == "E271"
    written.write_bytes(whole + b"\n")
    with pytest.raises(QuetsachError, match="E271"):
        open_compiled(written)


def test_a_forged_description_with_a_fitting_checksum_is_refused(written: Path) -> None:
    whole = written.read_bytes()
    for before, after in ((b"key_starts", b"key_star_s"), (b"great.txt", b"great\xfftxt")):
        forged = whole.replace(before, after)
        written.write_bytes(forged[:16] + hashlib.sha256(forged[48:]).digest() + forged[48:])
        with pytest.raises(QuetsachError, match="E27"):
            open_compiled(written)


def test_what_another_version_wrote_is_refused(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_file, "__version__", "0.0")
    with pytest.raises(QuetsachError, match="E272"):
        open_compiled(written)
    written.write_bytes(MARK[:7] + b"\xff" + written.read_bytes()[8:])
    with pytest.raises(QuetsachError, match="E272"):
        open_compiled(written)


def test_what_is_missing_or_a_link_is_not_opened(written: Path) -> None:
    link = written.with_name("link")
    link.symlink_to(written)
    assert open_compiled(link).identity
    for path, own_only in ((link, True), (written.with_name("none"), False)):
        with pytest.raises(QuetsachError, match="E202"):
            open_compiled(path, own_only=own_only)
    assert not is_compiled(written.with_name("none"))
