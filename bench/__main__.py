"""What is measured alone: start-up, a packed log, a great list, the plain sieve, documents."""

import argparse
import shutil
import sys
from pathlib import Path

from bench import machine, page
from bench.alone import MEGABYTE, Row, asides
from bench.lists import make_lists, make_pools
from bench.logs import KINDS, write_log
from bench.papers import documents

NAMES, ADDRESSES = 100_000, 20_000
REST, PAPERS = "rest", "papers"


def main() -> None:
    """Measure, print, and write the table where asked."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", type=int, default=1000, help="size of each log, in MB")
    parser.add_argument("--only", choices=[REST, PAPERS])
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
    rows: list[Row] = []
    if only in (None, REST):
        listed = make_lists(NAMES, ADDRESSES)
        pools = make_pools(listed)
        path, log = folder / "list.txt", folder / KINDS[0].file
        path.write_text(listed.text())
        _say(f"Making {size // MEGABYTE:,} MB of {KINDS[0].title}")
        write_log(KINDS[0], pools, size, log)
        _say("Measuring")
        rows += asides(folder, log, (path, listed), pools, size)
    if only in (None, PAPERS):
        _say("Reading documents")
        rows += documents(folder)
    return f"{described}\n\n{page.rest(rows)}"


def _say(what: str) -> None:
    print(f"== {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
