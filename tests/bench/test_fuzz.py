"""Every reader of strangers' bytes has a target, and what a target finds is told once and small."""

import os
import time
from pathlib import Path
from random import Random

import pytest

from bench.fuzz import bounds, lines_hit, mutation, packed_mutation, record
from bench.fuzz.bounds import InputInWork
from bench.fuzz.minimising import minimised
from bench.fuzz.running import FuzzTurn, Share, TurnFigures
from bench.fuzz.target import FuzzTarget
from bench.fuzz.targets.all_targets import all_targets
from bench.fuzz.targets.kernel import ENTRIES
from bench.fuzz.turns import take_turn
from quetsach import urls
from quetsach.captures.registry import capture_readers
from quetsach.compiled import kernel_module
from quetsach.errors.exceptions import QuetsachError
from quetsach.formats.registry import all_formats
from quetsach.indicators.formats.registry import FORMS
from quetsach.notices.read import NOTICE_FORMS
from quetsach.readers import read as reading
from quetsach.readers.read import READERS
from quetsach_portal.files.kinds import RULES
from tests.whole import daily, todays_share

NAMES = [target.name for target in all_targets()]
QUICK = Share(300, 0.3)


def wanted() -> dict[str, list[str]]:
    return {
        "log": [form.name for form in all_formats()],
        "capture": [decoder.kind for decoder in capture_readers()],
        "list": [form.name for form in FORMS],
        "notice": [form.name for form in NOTICE_FORMS],
        "paper": [reader.name for reader in READERS],
        "upload": [*RULES],
    }


@pytest.mark.parametrize("kind", wanted())
def test_each_reader_of_a_registry_has_its_target(kind: str) -> None:
    assert {f"{kind}.{name}" for name in wanted()[kind]} <= set(NAMES)


def test_the_list_of_targets_takes_no_sandbox_from_others() -> None:
    assert all_targets()
    assert reading.read_isolated.__module__ == "quetsach.readers.read"


def test_no_two_targets_have_one_name() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_each_entry_of_the_kernel_is_reached_by_a_target() -> None:
    module = kernel_module()
    if module is None:
        pytest.skip("the kernel is NOT installed: nothing of it is damaged")
    entries = {name for name in dir(module) if callable(getattr(module, name))}
    assert entries == set(ENTRIES)
    assert set(ENTRIES.values()) <= set(NAMES)


@pytest.mark.parametrize("name", todays_share(NAMES, days=20))
def test_a_target_reads_its_samples_and_their_damaged_copies(name: str, tmp_path: Path) -> None:
    (target,) = (target for target in all_targets() if target.name == name)
    assert target.samples()
    assert target.modules
    figures = take_turn(target, 1, Share(40, 0.3, time.monotonic() + 20.0), tmp_path)
    assert figures.flaws == {}
    assert figures.lines


def turn_of(target: FuzzTarget, folder: Path, share: Share = QUICK) -> TurnFigures:
    return FuzzTurn(target, 7, folder, InputInWork(folder / "in-work")).run(share)


def read_numbers(content: bytes) -> None:
    for cell in content.split(b","):
        if cell.startswith(b"-"):
            raise ValueError(cell)


def test_an_error_without_a_code_is_found_once_and_made_small(tmp_path: Path) -> None:
    target = FuzzTarget("a", read_numbers, lambda: [b"1,22,333", b"x,y"], (urls,))
    figures = turn_of(target, tmp_path)
    (name,) = figures.flaws
    assert "ValueError" in name
    (found,) = (tmp_path / "flaws" / "a").glob("*.input")
    assert found.read_bytes() in (b"-", b",-")
    assert "--seed 7" in found.with_suffix(".txt").read_text()


def refuse(_content: bytes) -> None:
    raise QuetsachError("E202", "a", reason="b")


def test_a_coded_error_is_none_and_an_unknown_code_is_one(tmp_path: Path) -> None:
    assert turn_of(FuzzTarget("a", refuse, lambda: [b"a"], (urls,)), tmp_path).flaws == {}
    target = FuzzTarget("a", refuse, lambda: [b"a"], (urls,))
    assert target.flaw_of(QuetsachError("E000", "a"))
    assert target.flaw_of(ValueError())
    assert not FuzzTarget("a", refuse, list, (), allowed=(ValueError,)).flaw_of(ValueError())


def wait_for_ever(content: bytes) -> None:
    while content != b"":
        pass


def test_a_reader_without_end_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bounds, "MOST_SECONDS", 0.05)
    target = FuzzTarget("a", wait_for_ever, lambda: [b"a"], (urls,))
    figures = turn_of(target, tmp_path, Share(1, 0.01))
    (name,) = figures.flaws
    assert name.startswith("TooSlow")


def take_memory(_content: bytes) -> bytes:
    return bytes(bounds.MOST_MEMORY + (64 << 20))


def test_a_reader_that_takes_a_gigabyte_is_found(tmp_path: Path) -> None:
    figures = take_turn(FuzzTarget("a", take_memory, lambda: [b"a"], (urls,)), 7, QUICK, tmp_path)
    assert [name.split()[0] for name in figures.flaws] == ["MemoryError"]


def end_process(content: bytes) -> None:
    if content != b"a":
        os._exit(3)


def test_an_input_that_ends_the_process_is_kept(tmp_path: Path) -> None:
    figures = take_turn(FuzzTarget("a", end_process, lambda: [b"a"], (urls,)), 7, QUICK, tmp_path)
    assert [*figures.flaws] == ["the process ended with 3"]
    (found,) = (tmp_path / "flaws" / "a").glob("*.input")
    assert found.read_bytes() != b"a"


MUTATIONS = [
    mutation.mutated_bytes,
    mutation.mutated_text,
    mutation.mutated_json,
    mutation.mutated_xml,
    mutation.mutated_any,
    packed_mutation.mutated_zip,
    packed_mutation.mutated_stream,
    packed_mutation.mutated_pdf,
    packed_mutation.mutated_der,
]
SAMPLES = [
    b"",
    b'{"a":[1,"x"],"b":{}}',
    b"<a b='c'><d>1</d></a>",
    b"1\t2\n3\t4\n",
    bytes(range(256)),
]


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_copies_follow_from_their_seed_alone_and_differ(mutate: mutation.Mutate) -> None:
    for sample in SAMPLES:
        copies = [mutate(sample, SAMPLES, Random(seed)) for seed in range(daily(30, whole=500))]
        assert copies == [mutate(sample, SAMPLES, Random(seed)) for seed in range(len(copies))]
        assert len(set(copies)) > len(copies) // 3
        assert max(map(len, copies)) <= 2 * mutation.MOST_BYTES


def test_what_shows_a_flaw_is_made_small_by_lines_and_bytes() -> None:
    content = b"one\ntwo\n" + b"x" * 100 + b"BAD" + b"y" * 50 + b"\nlast\n"
    assert minimised(content, lambda less: b"BAD" in less) == b"BAD"


def test_inputs_that_hit_new_lines_are_kept_and_read_again(tmp_path: Path) -> None:
    def read(content: bytes) -> None:
        urls.parse_url(content.decode("latin-1"))

    target = FuzzTarget("a", read, lambda: [b"http://bad.example/a"], (urls,))
    figures = turn_of(target, tmp_path)
    assert 0 < figures.lines_hit <= figures.lines
    assert figures.kept == len(list((tmp_path / "kept" / "a").iterdir())) > 0


def test_lines_count_once() -> None:
    trace = lines_hit.LinesHit()
    first = trace.traced(lambda content: urls.parse_url(content.decode()), b"http://bad.example/")
    again = trace.traced(lambda content: urls.parse_url(content.decode()), b"http://bad.example/")
    assert first > 5
    assert again == 0


def test_turns_add_up_in_the_record(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    record.add_turn(path, "b", TurnFigures(10, 1.5, 7, 9, 2, 0.5))
    record.add_turn(path, "a", TurnFigures(1))
    record.add_turn(path, "b", TurnFigures(5, 1.0, 6, 9, 2, 0.25, {"KeyError in x": "path"}))
    added = record.json.loads(path.read_bytes())
    assert [*added] == ["a", "b"]
    assert added["b"] == {
        "inputs": 15,
        "cpu_seconds": 2.5,
        "lines_hit": 7,
        "lines": 9,
        "slowest_seconds": 0.5,
        "flaws": ["KeyError in x"],
    }
