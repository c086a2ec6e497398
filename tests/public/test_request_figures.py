"""Counters of requests over several processes: none is lost with the process that had it."""

import subprocess
import sys
from pathlib import Path

from quetsach_public.request_figures import BOUNDS_MS, CLASSES, RequestFigures, read_figures


def test_processes_count_apart_and_are_read_together(tmp_path: Path) -> None:
    figures = [RequestFigures() for _process in range(2)]
    for number, process in enumerate(figures):
        process.keep_in(tmp_path, "portal")
        process.count(200, 0.004)
        process.count(302, 0.2 + number)
        process.write()
    other = RequestFigures()
    other.keep_in(tmp_path, "public")
    other.count(503, 99.0)
    other.write()
    read = read_figures(tmp_path)
    assert set(read) == {"portal", "public"}
    assert set(read["portal"]) == set(CLASSES)
    assert read["portal"]["2xx"].counts == [2, *[0] * len(BOUNDS_MS)]
    assert sum(read["portal"]["3xx"].counts) == 2
    assert read["portal"]["3xx"].microseconds == 1_400_000
    assert read["public"]["503"].counts[-1] == 1
    assert not any(read["public"]["5xx"].counts)


def test_who_takes_the_place_of_a_process_that_ended_goes_on_with_its_counters(
    tmp_path: Path,
) -> None:
    program = (
        "import os, sys; from pathlib import Path;"
        "from quetsach_public.request_figures import RequestFigures;"
        "f = RequestFigures(); f.count(500, 1); f.keep_in(Path(sys.argv[1]), 'portal');"
        "f.count(404, 1); f.write(); os.kill(os.getpid(), 9)"
    )
    for _turn in range(2):
        subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert len(list(tmp_path.iterdir())) == 1
    read = read_figures(tmp_path)["portal"]
    assert (sum(read["5xx"].counts), sum(read["4xx"].counts)) == (2, 2)


def test_a_file_of_another_version_counts_nothing_and_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "portal-0.counters").write_bytes(b"x" * 10)
    assert not any(sum(times.counts) for times in read_figures(tmp_path)["portal"].values())
    figures = RequestFigures()
    figures.keep_in(tmp_path, "portal")
    figures.count(200, 0)
    figures.write()
    assert sum(read_figures(tmp_path)["portal"]["2xx"].counts) == 1


def test_without_a_folder_counters_are_in_memory_and_nothing_breaks(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    figures = RequestFigures()
    figures.keep_in(tmp_path / "file", "portal")
    figures.count(200, 0)
    figures.write()
    assert read_figures(tmp_path / "file") == {}
