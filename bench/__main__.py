"""Run the benchmarks: `python -m bench [--size MB] [--only NAME] [--write] [--keep]`."""

import argparse
import shutil
import sys
from pathlib import Path

from bench import machine, page
from bench.alone import MEGABYTE, Row, asides
from bench.lists import make_lists, make_pools
from bench.logs import KINDS, write_log
from bench.match import Compared, compare
from bench.papers import documents

NAMES, ADDRESSES = 100_000, 20_000
REST, PAPERS = "rest", "papers"


def main() -> None:
    """Make the logs, run everything, print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", type=int, default=1000, help="size of each log, in MB")
    parser.add_argument("--only", choices=[*(kind.name for kind in KINDS), REST, PAPERS])
    parser.add_argument("--write", action="store_true", help="write the tables into the page")
    parser.add_argument("--keep", action="store_true", help="leave the logs where they are made")
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        measured = _measured(options.out, options.size * MEGABYTE, options.only)
    finally:
        if not options.keep:
            shutil.rmtree(options.out)
    print(measured)
    if options.write:
        page.PAGE.write_text(page.written(page.PAGE.read_text(), measured))


def _measured(folder: Path, size: int, only: str | None) -> str:
    described = machine.described()
    listed = make_lists(NAMES, ADDRESSES)
    pools = make_pools(listed)
    path = folder / "list.txt"
    path.write_text(listed.text())
    results: list[Compared] = []
    rows: list[Row] = []
    for kind in KINDS:
        log = folder / kind.file
        also = kind is KINDS[0] and only in (None, REST)
        if only not in (None, kind.name) and not also:
            continue
        _say(f"Making {size // MEGABYTE:,} MB of {kind.title}")
        write_log(kind, pools, size, log)
        if only in (None, kind.name):
            _say(f"Comparing on {kind.title}")
            results.append(compare(kind, log, path, folder))
        if also:
            _say("Measuring the rest")
            rows += asides(folder, log, (path, listed), pools, size)
    if only in (None, PAPERS):
        _say("Reading documents")
        rows += documents(folder)
    tables = [page.comparison(results)] * bool(results) + [page.rest(rows)] * bool(rows)
    return "\n\n".join([described, *tables])


def _say(what: str) -> None:
    print(f"== {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
