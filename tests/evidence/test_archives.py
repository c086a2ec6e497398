"""Each file of an archive is evidence or a problem; what is hostile costs only its share."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from quetsach.evidence import archives
from quetsach.evidence.archives import member_of, open_archives
from quetsach.evidence.find import EvidenceFile, find_evidence
from tests.containers.seven_zip_building import AES
from tests.containers.seven_zip_building import archive as seven_zip_archive

LOG = b"10.20.3.41 asked for bad.example\n"


def zipped(*members: tuple[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, (2026, 9, 1, 8, 15, 22)), content, packed)
    return out.getvalue()


def tarred(*members: tuple[str, bytes], form: int = tarfile.GNU_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), 1_788_225_322
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def opened(tmp_path: Path, name: str, content: bytes) -> tuple[dict[str, bytes], list[str]]:
    """Return the content of each file by its name in the archive, and the codes of the problems."""
    path = tmp_path / name
    path.write_bytes(content)
    files, problems = open_archives(*find_evidence([str(path)]), tmp_path / "spool")
    read = {one.shown.removeprefix(f"{path}!"): one.location.read_bytes() for one in files}
    assert all(one.size == one.location.stat().st_size for one in files)
    return read, [one.code for one in problems]


PACKERS: list[Callable[[bytes], bytes]] = [bytes, gzip.compress, bz2.compress, lzma.compress]


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_the_files_of_a_tar_are_evidence(
    pack: Callable[[bytes], bytes], form: int, tmp_path: Path
) -> None:
    members = {"a.log": LOG, "thị trấn/b.log": LOG * 1000, "d/" * 40 + "long.log": b"x\n"}
    found = opened(tmp_path, "a.tar.gz", pack(tarred(*members.items(), form=form)))
    assert found == (members, [])


@pytest.mark.parametrize("packed", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_files_of_a_zip_are_evidence(packed: int, tmp_path: Path) -> None:
    members = {"a.log": LOG, "thị trấn/b.log": LOG * 1000}
    assert opened(tmp_path, "a.zip", zipped(*members.items(), packed=packed)) == (members, [])


def test_the_files_of_a_7z_are_evidence(tmp_path: Path) -> None:
    members = {"a.log": LOG, "thị trấn/b.log": LOG * 1000}
    assert opened(tmp_path, "a.7z", seven_zip_archive(members)) == (members, [])
    locked = seven_zip_archive(members, AES)
    assert opened(tmp_path, "b.7z", locked) == ({}, ["E116", "E116"])


def test_a_file_that_is_no_archive_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.log.gz"
    path.write_bytes(gzip.compress(LOG))
    file = EvidenceFile("a.log.gz", path, path.stat().st_size)
    assert open_archives([file], [], tmp_path / "spool") == ([file], [])
    assert not (tmp_path / "spool").exists()


def test_an_office_document_is_no_archive_of_logs(tmp_path: Path) -> None:
    document = zipped(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>"))
    path = tmp_path / "letter.docx"
    path.write_bytes(document)
    files, problems = open_archives(*find_evidence([str(path)]), tmp_path / "spool")
    assert [one.location for one in files] == [path]
    assert problems == []


def test_an_archive_in_an_archive_is_opened_and_one_within_that_is_named(tmp_path: Path) -> None:
    deep = zipped(("deep.log", LOG))
    inner = gzip.compress(tarred(("b.log", LOG), ("deep.zip", deep)))
    read, codes = opened(tmp_path, "a.zip", zipped(("in.tar.gz", inner), ("c.log", LOG)))
    assert read == {"in.tar.gz!b.log": LOG, "c.log": LOG}
    assert codes == ["E118"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\Windows\\x", "a\nb\x1b[2J"]
)
def test_no_name_in_an_archive_is_ever_written_to(name: str, tmp_path: Path) -> None:
    for content in (zipped((name, LOG)), tarred((name, LOG))):
        folder = tmp_path / content[:2].hex() / "here"
        folder.mkdir(parents=True)
        (read, codes) = opened(folder, "a.bin", content)
        assert list(read.values()) == [LOG]
        assert codes == []
        assert all(shown.isprintable() for shown in read)
        outside = [p for p in tmp_path.rglob("*") if p.is_file() and "spool" not in p.parts]
        assert all(one.name == "a.bin" for one in outside)


def test_a_second_file_of_the_same_name_is_a_problem(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped(("a.log", LOG), ("a.log", b"other\n"))
    assert opened(tmp_path, "a.zip", content) == ({"a.log": LOG}, ["E116"])


def test_links_and_devices_are_problems(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"odd-{kind!r}")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("a.log")
        info.size = len(LOG)
        archive.addfile(info, io.BytesIO(LOG))
    assert opened(tmp_path, "a.tar", out.getvalue()) == ({"a.log": LOG}, ["E116"] * 4)


def test_a_locked_file_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    content = bytearray(zipped(("locked.log", LOG), ("a.log", LOG), packed=zipfile.ZIP_STORED))
    first = content.find(b"PK\x01\x02")
    content[first + 8] |= 1
    content[6] |= 1
    assert opened(tmp_path, "a.zip", bytes(content)) == ({"a.log": LOG}, ["E116"])


def test_a_damaged_file_is_read_as_far_as_it_is_good_and_named(tmp_path: Path) -> None:
    content = bytearray(zipped(("a.log", LOG), ("b.log", LOG), packed=zipfile.ZIP_STORED))
    content[content.find(b"asked")] ^= 1
    read, codes = opened(tmp_path, "a.zip", bytes(content))
    assert read["b.log"] == LOG
    assert codes == ["E106"]


def test_a_cut_archive_gives_what_it_holds_and_says_so(tmp_path: Path) -> None:
    whole = tarred(("a.log", LOG), ("b.log", LOG * 1000))
    read, codes = opened(tmp_path, "a.tar", whole[:9000])
    assert read["a.log"] == LOG
    assert read["b.log"] == (LOG * 1000)[: 9000 - 1536]
    assert "E106" in codes
    (tmp_path / "zip").mkdir()
    assert opened(tmp_path / "zip", "a.zip", zipped(("a.log", LOG))[:-30]) == ({}, ["E116"])


def test_an_archive_of_nothing_is_a_problem(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("folder")
        info.type = tarfile.DIRTYPE
        archive.addfile(info)
    assert opened(tmp_path, "a.tar", out.getvalue()) == ({}, ["E116"])


def test_a_bomb_is_cut_at_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "SWELLS_TO", 1_000_000)
    monkeypatch.setattr(archives, "SWELLS_BY", 2)
    bomb = b"\n" * 8_000_000
    for number, content in enumerate(
        (
            zipped(("a.log", LOG), ("bomb", bomb), ("c.log", LOG)),
            gzip.compress(tarred(("a.log", LOG), ("bomb", bomb), ("c.log", LOG))),
            zipped(("a.log", LOG), ("in.zip", zipped(("bomb", bomb), ("bomb2", bomb)))),
        )
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        read, codes = opened(folder, "a.bin", content)
        assert read["a.log"] == LOG
        assert sum(map(len, read.values())) < 1_200_000
        assert codes[0] == "E117"


def test_folders_without_end_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "SWELLS_TO", 1_000)
    monkeypatch.setattr(archives, "MOST_MEMBERS", 10)
    info = tarfile.TarInfo("f")
    info.type = tarfile.DIRTYPE
    endless = info.tobuf() * 20_000
    assert opened(tmp_path, "a.tar.gz", gzip.compress(endless)) == ({}, ["E116"])


def test_files_without_end_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 10)
    read, codes = opened(tmp_path, "a.zip", zipped(*((f"{n}", b"x") for n in range(20))))
    assert (len(read), codes) == (10, ["E117"])


def test_a_header_that_asks_for_much_memory_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 1 << 30
    assert opened(tmp_path, "a.tar", info.tobuf() + bytes(2048)) == ({}, ["E116"])


def test_a_directory_that_asks_for_much_memory_is_refused(tmp_path: Path) -> None:
    content = bytearray(zipped(("a.log", LOG)))
    place = content.rfind(b"PK\x05\x06")
    content[place + 12 : place + 16] = struct.pack("<L", 1 << 31)
    assert opened(tmp_path, "a.zip", bytes(content)) == ({}, ["E116"])


@pytest.mark.parametrize("step", range(0, 100, 7))
def test_a_damaged_archive_never_raises(step: int, tmp_path: Path) -> None:
    import random

    chance = random.Random(step)
    members = (("a.log", LOG * 30), ("b/c.log", LOG), ("in.zip", zipped(("d.log", LOG))))
    for number, whole in enumerate((zipped(*members), tarred(*members, form=tarfile.PAX_FORMAT))):
        for turn in range(10):
            content = bytearray(whole)
            for _ in range(chance.randint(1, 6)):
                content[chance.randrange(4, len(content))] = chance.randrange(256)
            folder = tmp_path / f"{number}-{turn}"
            folder.mkdir()
            opened(folder, "a.bin", bytes(content))


def test_a_file_keeps_its_time(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(tarred(("a.log", LOG)))
    files, _ = open_archives(*find_evidence([str(path)]), tmp_path / "spool")
    assert files[0].location.stat().st_mtime == 1_788_225_322


def test_a_shown_file_is_found_again_in_its_archive(tmp_path: Path) -> None:
    inner = tarred(("b!c.log", LOG * 2))
    path = tmp_path / "odd!name.zip"
    path.write_bytes(zipped(("a.log", LOG), ("in.tar", inner)))
    for shown, content in (("a.log", LOG), ("in.tar!b!c.log", LOG * 2)):
        found = member_of(f"{path}!{shown}", tmp_path / f"spool-{shown}")
        assert found is not None
        assert found.read_bytes() == content
    assert member_of(f"{path}!gone.log", tmp_path / "spool-gone") is None
    assert member_of("gone.zip!a.log", tmp_path / "spool-none") is None


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_empty_files_without_end_are_counted_and_not_copied(
    pack: Callable[..., bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_EMPTY", 3)
    path = tmp_path / "many"
    path.write_bytes(pack(*((f"{number}.log", b"") for number in range(10)), ("full.log", LOG)))
    files, problems = open_archives(*find_evidence([str(path)]), tmp_path / "spool")
    names = [file.shown.rpartition("!")[2] for file in files]
    assert names == ["0.log", "1.log", "2.log", "full.log"]
    assert [(problem.code, problem.where) for problem in problems] == [("E116", str(path))]
    assert "7" in str(problems[0].facts["reason"])
    assert len([each for each in (tmp_path / "spool").rglob("*") if each.is_file()]) == 4
