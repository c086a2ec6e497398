"""The district as a whole: same seed, same bytes; nothing real in it; every line counted."""

from pathlib import Path
from typing import NamedTuple

import pytest

from quetsach.demo.district import PACES, build_district, hours
from quetsach.demo.plan import plan_district
from quetsach.demo.truth import DemoTruth, Size
from tests.demo.reading import Built, evidence_files, pieces


def _bytes(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


class Again(NamedTuple):
    """The same district built once more: where, its truth, and the progress that was told."""

    root: Path
    truth: DemoTruth
    progress: list[tuple[int, int]]


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Again:
    root = tmp_path_factory.mktemp("again")
    calls: list[tuple[int, int]] = []
    truth = build_district(root, 7, "small", lambda done, whole: calls.append((done, whole)))
    return Again(root, truth, calls)


def test_the_same_seed_gives_the_same_bytes(built: Built, again: Again) -> None:
    assert _bytes(again.root) == _bytes(built.root)


def test_another_seed_gives_another_district_with_the_same_units(
    built: Built, tmp_path: Path
) -> None:
    build_district(tmp_path, 8, "small")
    ours, theirs = _bytes(built.root), _bytes(tmp_path)
    assert ours.keys() >= {"units.csv", "machines.csv", "allow/resolver.txt"}
    assert ours["truth.json"] != theirs["truth.json"]
    assert ours["indicators/danh-sach-bo-sung.csv"] == theirs["indicators/danh-sach-bo-sung.csv"]


def test_the_returned_truth_is_the_written_one(again: Again) -> None:
    assert again.truth.to_json() == (again.root / "truth.json").read_bytes()


def test_progress_counts_up_to_all_units(again: Again) -> None:
    assert again.progress == [(n, 30) for n in range(1, 31)]


def test_every_line_of_every_file_is_counted(built: Built) -> None:
    told = {one["path"]: one["lines"] + one["fragment"] for one in built.truth["files"]}
    found = {
        path.relative_to(built.root).as_posix(): len(pieces(path))
        for path in evidence_files(built.root)
    }
    assert found == told


def test_a_small_district_is_a_few_megabytes(built: Built) -> None:
    size = sum(path.stat().st_size for path in evidence_files(built.root))
    assert 3_000_000 < size < 9_000_000


def _events_of_a_busy_hour(size: Size) -> int:
    unit = plan_district(7)[0]
    _, events = next(
        one
        for n, one in enumerate(hours(unit, 7, PACES[size]))
        if n == 9  # Monday at nine
    )
    return len(events)


def test_each_size_is_many_times_the_one_before() -> None:
    small, medium, large = map(_events_of_a_busy_hour, ("small", "medium", "large"))
    assert small * 8 < medium
    assert medium * 8 < large


def test_one_hour_of_the_large_district_fits_in_memory() -> None:
    assert _events_of_a_busy_hour("large") < 10_000
