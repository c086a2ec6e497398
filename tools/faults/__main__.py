"""Try the commands under faults: `python -m tools.faults [--seconds N] [--whole] [--only NAME]`.

Without --whole a sample is tried that the seed picks: the commit's, or the one given, so that what
it finds can be seen again. --write FILE puts the figures into docs/reliability.md.
"""

import argparse
import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tools.faults.campaign import (
    FaultChoice,
    FaultRow,
    NamedFaults,
    SampledFaults,
    every_fault,
    jobs_here,
    run_campaign,
)
from tools.faults.commands import COMMANDS
from tools.faults.judging import FaultOutcome
from tools.faults.shim import NoCompilerError
from tools.faults.table import written_into

_FAULTS_IN_SAMPLE = 6


def main() -> None:
    """Try, print a line for each command and each broken promise, and fail where there is one."""
    options = _arguments()
    seed = options.seed or _commit()
    names = list(options.only or COMMANDS)
    choose: FaultChoice = every_fault
    if options.fault:
        choose = NamedFaults(tuple(options.fault))
    elif not options.whole:
        print(f"   A sample, the same again: make faults SEED={seed}", flush=True)
        random.Random(seed).shuffle(names)
        choose = SampledFaults(seed, options.most)
    started = time.monotonic()
    rows = []
    try:
        for row in run_campaign(names, choose, jobs=options.jobs, seconds=options.seconds):
            rows.append(row)
            _print(row)
    except NoCompilerError as error:
        print(f"   Not tried: {error}")
        sys.exit(0 if options.or_skip else 1)
    broken = sum(row.counts()[FaultOutcome.BROKEN] for row in rows)
    tried = sum(len(row.tried) for row in rows)
    taken_s = time.monotonic() - started
    print(f"   {tried} faults in {len(rows)} commands, {broken} broke a promise, {taken_s:.0f} s")
    if options.write:
        page = options.write.read_text("utf-8")
        rows.sort(key=lambda row: list(COMMANDS).index(row.name))
        head = f"Run on {datetime.now(UTC):%d %B %Y}, at commit {_commit()}."
        options.write.write_text(written_into(page, rows, head), "utf-8")
    sys.exit(1 if broken or not tried else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.faults", description=__doc__)
    parser.add_argument("--whole", action="store_true", help="every fault of every command")
    parser.add_argument("--only", action="append", metavar="NAME", help="this command")
    parser.add_argument("--fault", action="append", metavar="WORDS", help="what names a fault")
    parser.add_argument("--seed", default="")
    parser.add_argument("--most", type=int, default=_FAULTS_IN_SAMPLE, help="faults a command")
    parser.add_argument("--seconds", type=float, help="no new fault is tried after so many")
    parser.add_argument("--jobs", type=int, default=jobs_here())
    parser.add_argument("--write", type=Path, metavar="FILE")
    parser.add_argument("--or-skip", action="store_true", help="without a compiler all is well")
    return parser.parse_args()


def _print(row: FaultRow) -> None:
    counts = row.counts()
    ends = ", ".join(f"{counts[outcome]} {outcome}" for outcome in FaultOutcome if counts[outcome])
    figures = f"{row.sites} sites, {row.faults} faults, {len(row.tried)} tried"
    print(f"   {row.name}: {figures}: {ends}", flush=True)
    for tried in row.tried:
        for promise in tried.broken:
            print(f"      {tried.fault}: {promise}", flush=True)


def _commit() -> str:
    run = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return run.stdout.strip() or "1"


if __name__ == "__main__":
    main()
