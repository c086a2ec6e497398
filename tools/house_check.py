"""Hold the code against what must not change while it is rearranged, and against its ratchets.

python -m tools.house_check baseline --out FILE.json    gather what must not change
python -m tools.house_check compare OLD.json NEW.json   name every difference
python -m tools.house_check check [--list FIGURE]       fail where a figure of the code rose
"""

import argparse
import gc
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tools.house import ratchets
from tools.house.baseline import ROOT, differences, gather


def main(words: Sequence[str] | None = None) -> int:
    """Run one of the three commands; return the exit code."""
    parser = argparse.ArgumentParser(prog="house_check", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("baseline", help="gather what must not change")
    command.add_argument("--out", type=Path, required=True)
    command = commands.add_parser("compare", help="name every difference of two baselines")
    command.add_argument("before", type=Path)
    command.add_argument("after", type=Path)
    command.add_argument(
        "--tables", type=Path, help="tables that were renamed: a line each, old TAB new"
    )
    command = commands.add_parser("check", help="fail where a figure of the code rose")
    command.add_argument("--list", choices=ratchets.FIGURES, help="list what a figure counts")
    command.add_argument("--lower", action="store_true", help="lower the caps to today's figures")
    arguments = parser.parse_args(words)
    if arguments.command == "baseline":
        return write_baseline(arguments.out)
    if arguments.command == "compare":
        return compare(arguments.before, arguments.after, arguments.tables)
    # Two million nodes of syntax trees, all of which stay: the collector would walk them in vain.
    gc.disable()
    try:
        return ratchets.check(ROOT, listed=arguments.list, lower=arguments.lower)
    finally:
        gc.enable()


def write_baseline(target: Path) -> int:
    """Gather the baseline into `target` and print the size of each section."""
    begin = time.monotonic()
    baseline = gather()
    text = json.dumps(baseline, indent=0, sort_keys=True, ensure_ascii=False)
    target.write_text(text + "\n", encoding="utf-8")
    for name, section in baseline.items():
        print(f"{name}: {len(section)}")
    print(f"{target}, in {time.monotonic() - begin:.0f} s")
    return 0


def compare(before: Path, after: Path, tables: Path | None) -> int:
    """Print each difference; return 1 where there is one."""
    renamed: dict[str, str] = {}
    if tables is not None:
        lines = tables.read_text(encoding="utf-8").splitlines()
        pairs = [line.split("\t") for line in lines if "\t" in line]
        renamed = {pair[0]: pair[1] for pair in pairs}
    lines = differences(
        json.loads(before.read_text(encoding="utf-8")),
        json.loads(after.read_text(encoding="utf-8")),
        tables=renamed,
    )
    print("\n".join(lines) if lines else "no difference")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
