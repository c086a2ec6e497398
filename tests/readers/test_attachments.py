"""ZIP archives: each file is a part, and neither nesting nor swelling nor a path does harm."""

from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.attachments import ArchiveReader
from quetsach.readers.contract import ReadLimits
from quetsach.readers.read import read_paper
from tests.readers.samples import codes, only, read, texts, word, workbook, zipped


def test_each_file_is_a_part_read_by_its_own_reader() -> None:
    raw = zipped(
        {
            "cv/công văn.docx": word("điều 1"),
            "pl.xlsx": workbook({"A": [["203.0.113.7"]]}),
            "ds.txt": "bad.example",
            "__MACOSX/._ds.txt": b"\x00\x05",
        }
    )
    paper = read(ArchiveReader(read_paper), raw, "tài liệu.zip")
    assert [(b.place.part, b.text) for b in paper.blocks] == [
        ("cv/công văn.docx", "điều 1"),
        ("pl.xlsx", "203.0.113.7"),
        ("ds.txt", "bad.example"),
    ]
    assert paper.problems == ()


def test_archives_in_archives_end_at_the_depth_that_is_allowed() -> None:
    raw = zipped({"d.txt": "đáy"})
    for _ in range(5):
        raw = zipped({"z.zip": raw, "t.txt": "tầng"})
    paper = read(ArchiveReader(read_paper), raw, "x.zip", ReadLimits(seconds=60, depth=2))
    assert texts(paper) == ["tầng"] * 2
    assert codes(paper) == ["E413", "E413"]


def test_paths_that_lead_out_are_names_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "a/b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    paper = read(
        ArchiveReader(read_paper), zipped({"../../out.txt": "x", "/abs.txt": "y"}), "x.zip"
    )
    assert texts(paper) == ["x", "y"]
    assert list(tmp_path.rglob("*.txt")) == []


def test_too_many_parts_are_cut_and_named() -> None:
    raw = zipped({f"{n}.txt": f"dòng {n}" for n in range(20)})
    paper = read(ArchiveReader(read_paper), raw, "x.zip", ReadLimits(parts=5))
    assert (len(paper.blocks), codes(paper)) == (5, ["E413"])


def test_a_locked_file_is_named_and_the_others_are_read() -> None:
    raw = bytearray(zipped({"kín.txt": "k", "mở.txt": "203.0.113.7"}))
    # The bit that says "encrypted", in both headers of the first file.
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    paper = read(ArchiveReader(read_paper), bytes(raw), "x.zip")
    assert only(paper, "203.0.113.7").place.part == "mở.txt"
    assert codes(paper) == ["E412"]


def test_an_archive_that_breaks_off_is_refused_as_damaged() -> None:
    raw = zipped({"a.txt": "x" * 1000})
    with pytest.raises(QuetsachError) as raised:
        ArchiveReader(read_paper).read(raw[:-30], "x.zip", ReadLimits())
    assert raised.value.problem.code == "E411"
