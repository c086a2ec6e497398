"""The findings folder: whole or not at all, and read back only as it was written."""

import errno
import json
from pathlib import Path

import pyarrow as pa
import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import (
    digest_of_file,
    json_bytes,
    new_folder,
    read_folder,
    unread_table,
    write_json,
)
from quetsach.scanning.grades import SightingGrade
from tests.sweeping.evidence import HEADER, conn, swept, write


@pytest.fixture
def findings(tmp_path: Path) -> Path:
    lines = "".join(conn(n, "10.0.0.5", "203.0.113.77") for n in range(40))
    swept(tmp_path, write(tmp_path / "conn.log", HEADER + lines))
    return tmp_path / "findings"


def _code(folder: Path) -> str:
    with pytest.raises(QuetsachError) as caught:
        read_folder(folder)
    return caught.value.problem.code


def test_the_folder_appears_only_when_all_is_written(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out"
    with new_folder(target) as folder:
        (folder / "a").write_text("x")
        assert not target.exists()
    assert [path.name for path in target.parent.iterdir()] == ["out"]
    assert (target / "a").read_text() == "x"


def test_an_empty_folder_is_taken_and_a_full_one_is_not(tmp_path: Path) -> None:
    with new_folder(tmp_path / "out") as folder:
        (folder / "a").write_text("x")
    (tmp_path / "empty").mkdir()
    with new_folder(tmp_path / "empty") as folder:
        (folder / "b").write_text("x")
    assert (tmp_path / "empty" / "b").is_file()
    for taken in ("out", "out/a"):
        with pytest.raises(QuetsachError) as caught, new_folder(tmp_path / taken):
            pytest.fail("it must not be given")
        assert caught.value.problem.code == "E301"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError(), OSError(28, "full")])
def test_a_failure_leaves_nothing(error: BaseException, tmp_path: Path) -> None:
    def fail() -> None:
        with new_folder(tmp_path / "out") as folder:
            (folder / "a").write_text("x")
            raise error

    expected = QuetsachError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected) as caught:
        fail()
    assert list(tmp_path.iterdir()) == []
    if isinstance(caught.value, QuetsachError):
        assert (caught.value.problem.code, caught.value.problem.facts) == (
            "E302",
            {"reason": "full"},
        )


def test_a_place_where_no_folder_can_be_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(QuetsachError) as caught, new_folder(tmp_path / "file" / "out"):
        pytest.fail("it must not be given")
    assert caught.value.problem.code == "E302"


def test_the_same_value_gives_the_same_bytes(tmp_path: Path) -> None:
    write_json(tmp_path / "a", {"b": "Trà Cú", "a": 1})
    write_json(tmp_path / "b", {"a": 1, "b": "Trà Cú"})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert "Trà Cú" in (tmp_path / "a").read_text()


@pytest.mark.parametrize(
    "name", ["devices.json", "coverage.json", "rejects.json", "sightings.parquet"]
)
def test_a_file_that_was_changed_or_removed_is_noticed(name: str, findings: Path) -> None:
    path = findings / name
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"\x00")
    assert _code(findings) == "E305"
    path.unlink()
    assert _code(findings) == "E305"
    path.write_bytes(whole)
    assert read_folder(findings).devices["devices"][0]["device"] == "10.0.0.5"


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        (b"{}", "E303"),
        (b"[1]", "E305"),
        (b"{", "E305"),
        (b'{"format":"other/9"}', "E303"),
        (b'{"format":"\xff"}', "E305"),
        (b'{"a":' + b"[" * 100_000, "E305"),
    ],
)
def test_a_manifest_that_is_none_is_an_error(manifest: bytes, code: str, findings: Path) -> None:
    (findings / "manifest.json").write_bytes(manifest)
    assert _code(findings) == code


def test_a_folder_without_manifest_is_no_findings_folder(tmp_path: Path) -> None:
    assert _code(tmp_path) == "E303"
    assert _code(tmp_path / "nothing") == "E303"


def test_a_sighting_is_found_by_its_first_digits_unless_they_are_shared(findings: Path) -> None:
    read = read_folder(findings)
    numbers = [
        sample
        for device in json.loads((findings / "devices.json").read_bytes())["devices"]
        for sample in device["samples"]
    ]
    assert read.sighting(numbers[0][:12])["quetsach.sighting.id"] == numbers[0]
    for wrong in ("", "zz", f"{numbers[0]}0"):
        with pytest.raises(QuetsachError) as caught:
            read.sighting(wrong)
        assert caught.value.problem.code == "E304"
    # Forty numbers cannot all begin differently: one digit is never enough for all of them.
    shared = next(one[0] for one in numbers if sum(n[0] == one[0] for n in numbers) > 1)
    with pytest.raises(QuetsachError):
        read.sighting(shared)


def test_a_page_is_written_in_pieces_as_it_is_whole(tmp_path: Path) -> None:
    page = {"b": [1, 2.5, None, "Trà Cú\n"], "a": {"z": [], "y": {}}, "c": [{"d": True}]}
    write_json(tmp_path / "page.json", page)
    assert (tmp_path / "page.json").read_bytes() == json_bytes(page)


@pytest.mark.parametrize(
    "value",
    [
        {"b": [], "a": {}, "c": [{}, [[]]], "é": {"Z": 1, "a": 2, "": 3}},
        {"text": "\0\x1f\x7f\u2028 é\U0001f600\"\\/\b\f\n\r\t<>&'"},
        {"far": [1e16, 1.5e-7, 1e-5, 12345678901234567.0, -1e22], "word": "1e16"},
        {"far": 1e16},
        {"far": [1, 2.5e-9]},
        {"small": 0.00001},
        {"near": [0.1, 123456789.123, 3.0, -0.0, 0.0001, 1e15], "none": None, "yes": True},
        {"large": [2**64 - 1, -(2**63), 2**70], "grade": SightingGrade.MOVED, "pair": (1, 2)},
    ],
)
def test_files_have_the_form_of_the_module_json(value: dict[str, object]) -> None:
    plain = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    assert json_bytes(value) == plain.encode() + b"\n"


def test_long_lists_are_written_in_pieces(tmp_path: Path) -> None:
    page = {"days": {"2022-09-12": [f"10.0.0.{n}" for n in range(3000)], "none": []}}
    page |= {"rows": [{"n": n, "of": [{"deep": [n]}]} for n in range(2001)]}
    write_json(tmp_path / "page.json", page)
    plain = json.dumps(page, ensure_ascii=False, indent=2, sort_keys=True)
    assert (tmp_path / "page.json").read_text() == plain + "\n"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (pa.ArrowMemoryError("malloc of size 8 failed"), "E612"),
        (pa.ArrowException("Unknown error: std::bad_alloc"), "E612"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "E612"),
        (OSError(errno.EIO, "Error reading bytes"), "E104"),
        (FileNotFoundError(errno.ENOENT, "no file"), "E305"),
        (pa.ArrowInvalid("magic bytes"), "E305"),
    ],
)
def test_short_memory_and_a_failing_disk_are_no_damage(error: Exception, code: str) -> None:
    assert unread_table(Path("sightings.parquet"), error).problem.code == code


def test_a_page_that_the_disk_does_not_give_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError) as caught:
        digest_of_file(tmp_path)
    assert caught.value.problem.code == "E104"
