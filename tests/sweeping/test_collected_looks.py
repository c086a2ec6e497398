"""A look is known by what it holds: under any name, packed or not, in any code page."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quetsach.api.looks import looks_in
from quetsach.sweeping.collected_looks import CollectedLook
from tests.collect.windows_zip import CACHE, TCP, first_line, packed, windows_7, windows_11
from tests.sweeping.evidence import write


def looks(tmp_path: Path, *paths: Path) -> list[CollectedLook]:
    return list(looks_in([str(path) for path in paths], tmp_path / "spool")[0])


@pytest.mark.parametrize("encoding", ["cp437", "utf-16", "utf-8-sig"])
def test_a_collection_tells_its_machine_its_moment_and_both_tables(
    tmp_path: Path, encoding: str
) -> None:
    (look,) = looks(tmp_path, write(tmp_path / "x.zip", packed(windows_7("en", encoding))))
    assert (look.host, look.mac, look.address) == ("PC-VT-07", "00-17-A4-B2-C3-D4", "10.20.3.41")
    assert look.taken_at == datetime(2026, 9, 1, 1, 15, 22, tzinfo=UTC)
    assert (look.connections, look.names) == (4, 2)


def test_the_same_content_is_the_same_under_another_name_and_packed_otherwise(
    tmp_path: Path,
) -> None:
    files = windows_11()
    (look,) = looks(tmp_path, write(tmp_path / "quetsach-PC-VT-07.zip", packed(files)))
    other = tmp_path / "khac.zip"
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            renamed = content.replace(b"host=PC-VT-07", b"host=PC-KHAC")
            archive.writestr(f"a/b/{name}", renamed.replace(b"\r\n", b"\n"))
    (again,) = looks(tmp_path, other)
    assert (again.host, again.content) == ("PC-KHAC", look.content)


def test_what_is_missing_is_told_apart_from_what_is_empty(tmp_path: Path) -> None:
    head = TCP.split("\r\n")[0]
    (look,) = looks(tmp_path, write(tmp_path / "connections.tsv", first_line("tcp") + head))
    assert (look.connections, look.names) == (0, None)
    # What `ipconfig` says in place of a cache is no name.
    refused = first_line("dnscache") + "Could not display the DNS Resolver Cache.\r\n"
    (look,) = looks(tmp_path, write(tmp_path / "dns.txt", refused))
    assert (look.connections, look.names) == (None, 0)


def test_several_machines_behind_one_another_and_in_one_archive_are_each_seen(
    tmp_path: Path,
) -> None:
    text = "".join(
        first_line("tcp", host) + TCP + first_line("dnscache", host) + CACHE
        for host in ("PC-01", "PC-02")
    )
    assert [one.host for one in looks(tmp_path, write(tmp_path / "all.txt", text))] == [
        "PC-01",
        "PC-02",
    ]
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as whole:
        whole.writestr("1.zip", packed(windows_11()))
        whole.writestr("2.zip", packed(windows_7("en", "cp437")))
    assert [one.connections for one in looks(tmp_path, archive)] == [1, 4]


def test_lines_of_dots_alone_are_no_records_and_hold_nobody_up(tmp_path: Path) -> None:
    lines = (
        "    Record Name . . . . . : bad.example",
        "    Nom : . . . : bad.example",
        "    Time To Live  . . . . : ",
        ". " * 20_000,
        ":" + "." * 20_000,
    )
    text = first_line("dnscache") + "\r\n".join(lines) + "\r\n"
    (look,) = looks(tmp_path, write(tmp_path / "dns.txt", text))
    assert look.names == 2
