"""Wrong bytes in a findings folder are a coded error for whoever reads it, never a traceback."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import read_folder
from quetsach.findings.shape import examine_findings
from quetsach.findings.signed import read_signed
from tests.sweeping.evidence import HEADER, conn, swept, write

LOG = HEADER + conn(0, "10.0.0.5", "203.0.113.77")

WRONG: dict[str, bytes] = {
    "nothing": b"",
    "zeros": bytes(64),
    "no JSON": b"<html></html>",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "not UTF-8": b'{"format": "quetsach-findings/1", "x": "\xff\xfe"}',
    "a lone surrogate": b'{"format": "quetsach-findings/1", "x": "\\ud800"}',
    "another coding": '{"format": "quetsach-findings/1"}'.encode("utf-16"),
    "deep lists": b'{"format": "quetsach-findings/1", "x": ' + b"[" * 100_000,
    "deep objects": b'{"format": "quetsach-findings/1", "x": ' + b'{"a":' * 100_000,
    "closed deep lists": b'{"format": "quetsach-findings/1", "x": '
    + b"[" * 50_000
    + b"]" * 50_000
    + b"}",
    "not a number": b'{"format": "quetsach-findings/1", "x": NaN}',
    "an infinite number": b'{"format": "quetsach-findings/1", "x": 1e999}',
    "a comment": b'{"format": "quetsach-findings/1" /* x */}',
    "two texts": b'{"format": "quetsach-findings/1"}{"format": "quetsach-findings/1"}',
    "a list": b'["quetsach-findings/1"]',
    "a number": b"1",
    "the format as a list": b'{"format": ["quetsach-findings/1"]}',
    "no other key": b'{"format": "quetsach-findings/1"}',
}

HUGE = [10**400, -(10**400), 2**63, 2**64, 1e308, -1, 0.5, True, None, "1", [], {}, "x" * 1_000_000]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of sound findings by their names."""
    tmp_path = tmp_path_factory.mktemp("whole")
    swept(tmp_path, write(tmp_path / "conn.log", LOG))
    return {path.name: path.read_bytes() for path in (tmp_path / "findings").iterdir()}


@pytest.fixture
def folder(whole: dict[str, bytes], tmp_path: Path) -> Path:
    target = tmp_path / "findings"
    target.mkdir()
    for name, content in whole.items():
        (target / name).write_bytes(content)
    return target


READERS: tuple[Callable[[Path], object], ...] = (read_folder, examine_findings)


def code_of(read: Callable[[Path], object], folder: Path) -> str:
    """Return the code of the refusal, "" for none; another error fails the test."""
    try:
        read(folder)
    except QuetsachError as error:
        str(error.problem.what())
        return error.problem.code
    return ""


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("name", ["manifest.json", "devices.json", "coverage.json", "rejects.json"])
def test_wrong_bytes_have_a_code(kind: str, name: str, folder: Path) -> None:
    (folder / name).write_bytes(WRONG[kind])
    for read in READERS:
        assert code_of(read, folder) in ("E303", "E305"), (kind, read)
    assert code_of(read_signed, folder) in ("", "E303")


def _paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value[:2])
        if isinstance(value, list)
        else ()
    )
    return [path, *(deeper for key, one in inner for deeper in _paths(one, (*path, key)))][:400]


def test_every_value_of_the_manifest_may_be_of_another_type_or_huge(
    folder: Path, whole: dict[str, bytes]
) -> None:
    manifest = json.loads(whole["manifest.json"])
    refused = 0
    for number, path in enumerate(_paths(manifest)[1:]):
        changed = json.loads(whole["manifest.json"])
        around = changed
        for key in path[:-1]:
            around = around[key]
        around[path[-1]] = HUGE[number % len(HUGE)]
        (folder / "manifest.json").write_text(json.dumps(changed))
        for read in READERS:
            refused += code_of(read, folder) in ("E303", "E305")
        assert code_of(read_signed, folder) in ("", "E303")
    assert refused > 50


def test_a_key_that_is_there_twice_is_told_by_who_checks_the_seal(
    folder: Path, whole: dict[str, bytes]
) -> None:
    twice = whole["manifest.json"].replace(b"{", b'{"format": "quetsach-findings/1",', 1)
    (folder / "manifest.json").write_bytes(twice)
    for read in READERS:
        assert code_of(read, folder) in ("", "E303", "E305")
    assert read_signed(folder).faults
    (folder / "manifest.json").write_bytes(whole["manifest.json"])
    assert not read_signed(folder).faults
