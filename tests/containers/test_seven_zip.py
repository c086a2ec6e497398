"""7z archives: files out of solid blocks, a refusal for what is locked or odd, no bombs."""

import io
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.containers import seven_zip
from quetsach.containers.bounds import UnpackBounds
from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode
from tests.containers.seven_zip_building import (
    AES,
    BZIP2,
    COPY,
    DEFLATE,
    LZMA,
    LZMA2,
    PPMD,
    PROPERTIES,
    WHEN_S,
    archive,
)

BOUNDS = UnpackBounds(entries=100, unpacked=1 << 24, ratio=200, small=1 << 20)
LOG = b"10.20.3.41 asked for bad.example\n" * 2_000
FILES = {
    "thị trấn/a.log": LOG,
    "empty.log": b"",
    "folder": b"",
    "b.log": b"x\n",
    "c.log": LOG[::-1],
}


def read(content: bytes, bounds: UnpackBounds = BOUNDS) -> dict[str, bytes | RefusalCode]:
    """Return the content, or the code of the refusal, of each file."""
    found: dict[str, bytes | RefusalCode] = {}
    for member in seven_zip.members(io.BytesIO(content), bounds):
        try:
            found[member.name] = member.refusal.code if member.refusal else b"".join(member.content)
        except ContainerRefused as refused:
            found[member.name] = refused.code
    return found


PLAIN = {name: content for name, content in FILES.items() if name != "folder"}


@pytest.mark.parametrize("method", [COPY, LZMA, LZMA2, BZIP2, DEFLATE])
@pytest.mark.parametrize("solid", [True, False])
@pytest.mark.parametrize("packed_list", [None, LZMA])
def test_files_are_read(method: bytes, solid: bool, packed_list: bytes | None) -> None:
    assert read(archive(FILES, method, solid=solid, packed_list=packed_list)) == PLAIN


def test_a_file_has_the_time_of_the_list() -> None:
    (member,) = seven_zip.members(io.BytesIO(archive({"a.log": LOG})), BOUNDS)
    assert member.when == WHEN_S


def test_a_file_that_is_left_does_not_move_the_next() -> None:
    stream = seven_zip.members(io.BytesIO(archive(FILES)), BOUNDS)
    names = [(member.name, next(member.content, b"")[:5]) for member in stream]
    assert names == [
        ("thị trấn/a.log", LOG[:5]),
        ("empty.log", b""),
        ("b.log", b"x\n"),
        ("c.log", LOG[::-1][:5]),
    ]


@pytest.mark.parametrize(
    ("methods", "code"),
    [
        ((AES,), RefusalCode.ENCRYPTED),
        ((PPMD,), RefusalCode.METHOD),
        ((LZMA, PPMD), RefusalCode.METHOD),
    ],
)
def test_what_is_locked_or_packed_oddly_is_refused(
    methods: tuple[bytes, ...], code: RefusalCode
) -> None:
    found = read(archive({"a.log": LOG, "b.log": LOG, "e.log": b""}, *methods))
    assert found == {"a.log": code, "b.log": code, "e.log": b""}


def test_a_locked_list_refuses_the_archive() -> None:
    with pytest.raises(ContainerRefused) as refused:
        read(archive(FILES, packed_list=AES))
    assert refused.value.code is RefusalCode.ENCRYPTED


def test_links_devices_and_unsafe_names_are_refused() -> None:
    modes = {"link.log": stat.S_IFLNK, "pipe.log": stat.S_IFIFO, "a.log": stat.S_IFREG}
    attributes = {name: (mode | 0o644) << 16 | 0x8000 for name, mode in modes.items()}
    attributes["junction.log"] = 0x400
    files = dict.fromkeys((*attributes, "../up.log"), LOG)
    assert read(archive(files, attributes=attributes)) == {
        "link.log": RefusalCode.LINK,
        "pipe.log": RefusalCode.SPECIAL_FILE,
        "a.log": LOG,
        "junction.log": RefusalCode.LINK,
        "../up.log": RefusalCode.UNSAFE_NAME,
    }


def test_a_bomb_is_stopped_although_nobody_reads_it() -> None:
    bomb = archive({"a.log": bytes(1 << 22), "b.log": LOG})
    bounds = UnpackBounds(entries=100, unpacked=1 << 20, ratio=200, small=1 << 20)
    for member in seven_zip.members(io.BytesIO(bomb), bounds):
        if member.name == "b.log":
            with pytest.raises(ContainerRefused):
                list(member.content)
    assert read(bomb, bounds)["a.log"] is RefusalCode.SWELLS


def test_too_many_files_are_refused() -> None:
    with pytest.raises(ContainerRefused) as refused:
        read(archive({f"{n}.log": b"" for n in range(101)}))
    assert refused.value.code is RefusalCode.TOO_MANY


def test_a_damaged_file_is_told_behind_its_good_part() -> None:
    content = bytearray(archive({"a.log": LOG}, COPY))
    content[40] ^= 1
    assert read(bytes(content)) == {"a.log": RefusalCode.DAMAGED}


@pytest.mark.parametrize("keep", [0, 10, 31, 40, 60])
def test_an_archive_that_is_cut_off_is_refused(keep: int) -> None:
    with pytest.raises(DamagedDataError):
        read(archive(FILES)[:keep])


def test_a_window_larger_than_its_block_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seven_zip, "MOST_WINDOW", 1 << 20)
    monkeypatch.setitem(PROPERTIES, LZMA, b"\x5d\xff\xff\xff\xff")
    content = archive({"a.log": LOG}, LZMA)
    assert read(content) == {"a.log": LOG}
    monkeypatch.setattr(seven_zip, "MOST_WINDOW", 4096)
    assert read(content) == {"a.log": RefusalCode.TOO_LARGE}


WHOLE = archive(FILES, packed_list=LZMA)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=4))
def test_damaged_copies_are_refused_or_read(flips: list[tuple[int, int]]) -> None:
    damaged = bytearray(WHOLE)
    for place, value in flips:
        damaged[place] = value
    try:
        read(bytes(damaged))
    except ContainerRefused:
        return
