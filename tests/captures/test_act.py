"""The act in the sandbox, called here without one."""

import gzip
from pathlib import Path

import msgspec

from quetsach.captures.act import RenderResult, RenderTask, act

ROWS = b'[\n{"a": "bad.example"},\n{"a": 2}\n]\n'


def acted(tmp_path: Path, content: bytes, most_bytes: int = 1 << 20) -> tuple[RenderResult, bytes]:
    source, target = tmp_path / "a", tmp_path / "a.ndjson"
    source.write_bytes(content)
    task = RenderTask("json", str(source), "a.json", str(target), most_bytes)
    results = act(msgspec.json.encode([task, task]), lambda _done, _of: None)
    first, second = msgspec.json.decode(results, type=list[RenderResult])
    assert first == second
    return first, target.read_bytes()


def test_a_file_becomes_lines(tmp_path: Path) -> None:
    result, lines = acted(tmp_path, ROWS)
    assert (result, lines) == (RenderResult(2), b'{"a":"bad.example"}\n{"a":2}\n')


def test_a_packed_file_is_unpacked_first(tmp_path: Path) -> None:
    result, lines = acted(tmp_path, gzip.compress(ROWS))
    assert (result.lines, lines) == (2, b'{"a":"bad.example"}\n{"a":2}\n')
    assert {path.name for path in tmp_path.iterdir()} == {"a", "a.ndjson"}


def test_what_precedes_damage_of_the_packing_is_read(tmp_path: Path) -> None:
    rows = b"[\n" + b"".join(b'{"n": %d, "a": "%x"},\n' % (n, n * 7919) for n in range(20_000))
    result, lines = acted(tmp_path, gzip.compress(rows)[:-5000], 1 << 24)
    assert result.broke_at is not None
    assert 0 < result.lines < 20_000
    assert lines.count(b"\n") == result.lines


def test_the_bound_holds_for_what_is_unpacked_and_for_what_is_written(tmp_path: Path) -> None:
    result, lines = acted(tmp_path, ROWS, 25)
    assert (result.too_much, result.lines, lines) == (True, 1, b'{"a":"bad.example"}\n')
    result, lines = acted(tmp_path, gzip.compress(b" " * (1 << 20)), 1000)
    assert (result.too_much, lines) == (True, b"")


def test_what_is_not_read_is_told_by_name(tmp_path: Path) -> None:
    result, _ = acted(tmp_path, b'[\n{"a": 1},\n nonsense')
    assert result == RenderResult(1, {"NOT_JSON": 1})
