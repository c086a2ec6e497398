"""A built folder: packed twins, names that change with the bytes, and a switch at once."""

import gzip
from pathlib import Path

from quetsach_public.pages.folder import (
    folder_aside,
    put_in_place,
    shipped,
    write_hashed,
    write_packed,
)


def test_a_file_has_a_packed_twin_that_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a/page.html", "b/page.html"):
        write_packed(tmp_path / name, b"<p>text</p>")
    packed = [(tmp_path / name / "page.html.gz").read_bytes() for name in ("a", "b")]
    assert packed[0] == packed[1]
    assert gzip.decompress(packed[0]) == (tmp_path / "a/page.html").read_bytes()


def test_a_name_changes_with_the_bytes(tmp_path: Path) -> None:
    first = write_hashed(tmp_path, "page.css", shipped("page.css"))
    assert write_hashed(tmp_path, "page.css", shipped("page.css")) == first
    assert write_hashed(tmp_path, "page.css", b"p{}") != first
    assert (tmp_path / first.lstrip("/")).read_bytes() == shipped("page.css")
    assert first.startswith("/static/page-")
    assert first.endswith(".css")


def test_the_folder_leads_to_the_new_pages_and_the_old_ones_are_gone(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    for content in (b"old", b"new"):
        aside = folder_aside(folder)
        assert aside.stat().st_mode & 0o777 == 0o755
        write_packed(aside / "page", content)
        put_in_place(aside, folder)
        assert (folder / "page").read_bytes() == content
    assert len(list(tmp_path.iterdir())) == 2, "the link and what it leads to"
