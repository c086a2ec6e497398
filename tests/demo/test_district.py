"""The district as a whole: same seed, same bytes; nothing real in it; every line counted."""

import ipaddress
import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from quetsach.demo.benign import sites
from quetsach.demo.district import PACES, build_district, hours
from quetsach.demo.plan import plan_district
from quetsach.demo.truth import DemoTruth, Size
from tests.demo.conftest import Built
from tests.demo.reading import IPV4, evidence_files, pieces, unpacked

_MADE_UP = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.2.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "10.0.0.0/8",
            "192.168.0.0/16",
            # What a machine without an address writes, and to whom.
            "0.0.0.0/32",
            "255.255.255.255/32",
        ),
    )
)
# A version number of a browser, which looks like an address in real logs too.
_VERSION = "Chrome/105.0.0.0"
_NAME = re.compile(r"(?<![\w.-])(?:[\w-]+\.)+[^\W\d_]{2,}(?![\w-])")
_FILE_ENDINGS = ("html", "pdf", "css", "js", "png", "json", "php", "exe")
_ON_PURPOSE = {"bad.example.org", "com.vn"}


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


def test_no_address_lies_outside_the_ranges_kept_for_documentation(built: Built) -> None:
    strangers = {
        address
        for path in built.root.rglob("*")
        if path.is_file()
        for address in IPV4.findall(unpacked(path).decode().replace(_VERSION, ""))
        if not any(ipaddress.ip_address(address) in one for one in _MADE_UP)
    }
    assert strangers == set()


def test_no_host_name_lies_outside_example(built: Built) -> None:
    found = {
        name.lower()
        for path in (*evidence_files(built.root), *(built.root / "indicators").iterdir())
        for name in _NAME.findall(unpacked(path).decode())
    }
    assert "bad.example" in found
    strangers = {one for one in found if not one.endswith((".example", *_FILE_ENDINGS))}
    assert strangers == _ON_PURPOSE


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


@pytest.mark.parametrize("pace", list(PACES.values()))
def test_no_two_clean_sites_share_a_name(pace: tuple[float, int]) -> None:
    pool = sites(pace[1])
    assert len({one.host for one in pool}) == len(pool) == pace[1]


def test_units_and_machines_are_listed(built: Built) -> None:
    units = (built.root / "units.csv").read_text(encoding="utf-8").splitlines()
    machines = (built.root / "machines.csv").read_text(encoding="utf-8").splitlines()
    assert len(units) == 31
    assert len([row for row in units if ",xã," in row]) == 15
    assert len([row for row in units if ",thị trấn," in row]) == 2
    listed = {row.split(",")[2] for row in machines[1:]}
    assert len(listed) == len(machines) - 1
    assert {
        one["mac"] for one in json.loads((built.root / "truth.json").read_bytes())["infected"]
    } <= listed
