"""What is unpacked side by side is what one after the other gives, be it damaged or not."""

import os
import random
import threading
from pathlib import Path

import pytest

from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.streams import Codec
from quetsach.evidence import packed, packed_parts
from quetsach.evidence.packed import PackedFile
from quetsach.evidence.side_by_side import side_by_side
from tests.evidence.test_packed_parts import FILES


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_parts, "_PART_BYTES", 1000)
    monkeypatch.setattr(packed, "AHEAD_BYTES", 0)


def _told(file: PackedFile, *, ahead: bool) -> tuple[bytes, str, int, bytes]:
    text, error = bytearray(), ""
    try:
        for piece in file.read_ahead(1) if ahead else file.read():
            text += piece
    except DamagedDataError as damage:
        error = repr(damage)
    return bytes(text), error, file.raw_bytes, file.digest


def _same(path: Path, codec: Codec) -> None:
    ahead = _told(PackedFile(path, codec), ahead=True)
    plain = _told(PackedFile(path, codec), ahead=False)
    assert (len(ahead[0]), *ahead[1:]) == (len(plain[0]), *plain[1:])
    # Without the difference, which takes long to show.
    is_same = ahead == plain
    assert is_same


@pytest.mark.parametrize("name", FILES)
def test_sound_cut_and_damaged_files(tmp_path: Path, name: str) -> None:
    codec, content = FILES[name]
    path = tmp_path / "log"
    chance = random.Random(name)
    damaged = [content, content + b"\x00" * 8, content + b"rubbish", content[:-3], content * 2]
    for _ in range(20):
        place = chance.randrange(len(content))
        damaged += [
            content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :],
            content[:place],
            content[:place] + content[place + chance.randrange(1, 40) :],
        ]
    for wrong in damaged:
        path.write_bytes(wrong)
        _same(path, codec)


def test_far_behind_the_usual_size_it_is_the_same_too(tmp_path: Path) -> None:
    codec, content = FILES["bgzf"]
    path = tmp_path / "log"
    many = content * 12
    for place in (len(many) - 900, 131_072, 150_000):
        path.write_bytes(many[:place] + b"\xff\x00" + many[place + 2 :])
        _same(path, codec)


@pytest.mark.parametrize("name", FILES)
def test_its_own_bytes_pass_and_no_thread_stays(tmp_path: Path, name: str) -> None:
    codec, content = FILES[name]
    path = tmp_path / "log"
    path.write_bytes(content)
    with path.open("rb") as file:
        pieces = side_by_side(path, codec, file)
        assert pieces is not None
        assert next(pieces)
        pieces.close()
        assert os.lseek(file.fileno(), 0, os.SEEK_CUR) > 0
    assert not [one for one in threading.enumerate() if one.name.startswith("unpacking")]


def test_one_part_is_not_worth_it(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"")
    with path.open("rb") as file:
        assert side_by_side(path, Codec.GZIP, file) is None
