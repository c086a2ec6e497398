"""A collection is held against its manifest: what was changed, lost or put in is named."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from quetsach.errors.exceptions import Problem
from quetsach.evidence.archives import open_archives
from quetsach.evidence.find import find_evidence
from quetsach.texts import _
from tests.evidence.test_archives import tarred, zipped

HOSTS = b"203.0.113.77 bank.example\n"


def manifest(**changes: Any) -> bytes:
    told = {
        "tool": "quetsach-collect",
        "files": [
            {"name": "hosts.txt", "bytes": 26, "sha256": hashlib.sha256(HOSTS).hexdigest().upper()}
        ],
        "failed": [],
    }
    return b"\xef\xbb\xbf" + json.dumps(told | changes).encode()


def problems(tmp_path: Path, content: bytes) -> list[Problem]:
    path = tmp_path / "quetsach-PC-VT-07.bin"
    path.write_bytes(content)
    return open_archives(*find_evidence([str(path)]), tmp_path / "spool")[1]


def test_what_arrived_unchanged_is_no_problem(tmp_path: Path) -> None:
    members = (("hosts.txt", HOSTS), ("manifest.json", manifest()))
    assert problems(tmp_path, zipped(*members)) == []
    (tmp_path / "tar").mkdir()
    in_folder = [(f"quetsach-PC-VT-07/{name}", content) for name, content in members]
    assert problems(tmp_path / "tar", tarred(*in_folder)) == []


@pytest.mark.parametrize(
    ("members", "where", "reason"),
    [
        ([("hosts.txt", HOSTS + b"\n")], "hosts.txt", "its content was changed"),
        ([], "hosts.txt", "it is missing"),
        ([("hosts.txt", HOSTS), ("more.txt", b"x\n")], "more.txt", "it was put in later"),
    ],
)
def test_what_differs_is_named(
    members: list[tuple[str, bytes]], where: str, reason: str, tmp_path: Path
) -> None:
    (one,) = problems(tmp_path, zipped(*members, ("manifest.json", manifest())))
    assert (one.code, one.where.rpartition("!")[2]) == ("E115", where)
    assert one.facts == {"reason": _(reason)}


def test_what_the_collector_could_not_take_is_said(tmp_path: Path) -> None:
    told = manifest(failed=[{"name": "dnscache.txt", "why": "ipconfig: not found"}, 7])
    (one,) = problems(tmp_path, zipped(("hosts.txt", HOSTS), ("manifest.json", told)))
    assert one.code == "E119"
    assert one.facts == {"what": "dnscache.txt", "reason": "ipconfig: not found"}


@pytest.mark.parametrize(
    "other", [b"[" * 100_000, b"{}", b"\xff", b'{"tool":"other"}', b"null", b"x" * 5_000_000]
)
def test_a_manifest_of_another_kind_is_evidence_like_any_file(other: bytes, tmp_path: Path) -> None:
    assert problems(tmp_path, zipped(("a.log", b"x\n"), ("manifest.json", other))) == []


@pytest.mark.parametrize("files", [7, None, [7], [{}], {"name": "x"}])
def test_an_odd_manifest_never_raises(files: Any, tmp_path: Path) -> None:
    told = manifest(files=files, failed=files)
    assert all(
        one.code in ("E115", "E119")
        for one in problems(tmp_path, zipped(("hosts.txt", HOSTS), ("manifest.json", told)))
    )


@pytest.mark.parametrize(("size", "codes"), [(26, []), (27, ["E115"]), (None, ["E115"])])
def test_without_a_digest_the_bytes_are_counted(
    size: int | None, codes: list[str], tmp_path: Path
) -> None:
    told = manifest(files=[{"name": "hosts.txt", "bytes": size, "sha256": "-"}])
    found = problems(tmp_path, zipped(("hosts.txt", HOSTS), ("manifest.json", told)))
    assert [one.code for one in found] == codes


def test_a_folder_that_was_not_packed_is_held_against_its_manifest_too(tmp_path: Path) -> None:
    folder = tmp_path / "quetsach-PC-VT-07"
    folder.mkdir()
    (folder / "manifest.json").write_bytes(manifest())
    (folder / "hosts.txt").write_bytes(HOSTS)
    assert open_archives(*find_evidence([str(folder)]), tmp_path / "spool")[1] == []
    (folder / "hosts.txt").write_bytes(HOSTS + b"x")
    (folder / "more.txt").write_bytes(b"x")
    found = open_archives(*find_evidence([str(folder)]), tmp_path / "spool")[1]
    assert [(one.code, Path(one.where).name) for one in found] == [
        ("E115", "hosts.txt"),
        ("E115", "more.txt"),
    ]


def test_manifests_that_miss_a_million_files_are_counted_and_not_listed(tmp_path: Path) -> None:
    missing = manifest(files=[{"name": str(number)} for number in range(2_000)])
    found = problems(tmp_path, zipped(*((f"{n}/manifest.json", missing) for n in range(50))))
    assert len(found) == 1_000
    assert found[-1].facts == {
        "reason": _("%(count)s more differences are not listed") % {"count": 100_000 - 999}
    }


def test_a_file_is_held_against_the_manifest_of_each_folder_around_it(tmp_path: Path) -> None:
    members = (("a/manifest.json", manifest(files=[])), ("hosts.txt", HOSTS), ("a/b.txt", b"x"))
    found = problems(tmp_path, zipped(*members, ("manifest.json", manifest())))
    assert [one.where.rpartition("!")[2] for one in found] == ["a/manifest.json", "a/b.txt"]
