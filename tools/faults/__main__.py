"""Try the commands under faults: `python -m tools.faults [--whole] [--only NAME] [--fault WORD]`.

Without --whole a sample is tried that the seed picks: the commit's, or the one given, so that what
it finds can be seen again. With --whole and --write docs/reliability.md gets its figures.
"""

import argparse
import random
import subprocess
import sys
import time

from tools.faults.campaign import (
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

_COMMANDS_IN_SAMPLE = 10
_FAULTS_IN_SAMPLE = 5


def main() -> None:
    """Try, print a line for each command and each broken promise, and fail where there is one."""
    parser = argparse.ArgumentParser(prog="python -m tools.faults", description=__doc__)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--all", action="store_true", help="a sample of all commands")
    parser.add_argument("--only", action="append", metavar="NAME")
    parser.add_argument("--fault", action="append", metavar="WORDS")
    parser.add_argument("--seed", default="")
    parser.add_argument("--most", type=int, default=_FAULTS_IN_SAMPLE, help="faults a command")
    parser.add_argument("--jobs", type=int, default=jobs_here())
    options = parser.parse_args()
    seed = options.seed or _commit()
    names, choose = list(options.only or COMMANDS), every_fault
    if options.fault:
        choose = NamedFaults(tuple(options.fault))
    elif not options.whole:
        print(f"== A sample of faults: make faults SEED={seed}")
        if not (options.only or options.all):
            names = random.Random(seed).sample(names, _COMMANDS_IN_SAMPLE)
        choose = SampledFaults(seed, options.most)
    started = time.monotonic()
    rows = []
    try:
        for row in run_campaign(names, choose, jobs=options.jobs):
            rows.append(row)
            _print(row)
    except NoCompilerError as error:
        sys.exit(f"   {error}")
    broken = sum(row.counts()[FaultOutcome.BROKEN] for row in rows)
    tried = sum(len(row.tried) for row in rows)
    taken_s = time.monotonic() - started
    print(f"== {tried} faults in {len(rows)} commands, {broken} broke a promise, {taken_s:.0f} s")
    sys.exit(1 if broken else 0)


def _print(row: FaultRow) -> None:
    counts = row.counts()
    ends = ", ".join(f"{counts[outcome]} {outcome}" for outcome in FaultOutcome if counts[outcome])
    print(
        f"   {row.name}: {row.sites} sites, {row.faults} faults, {len(row.tried)} tried: {ends}",
        flush=True,
    )
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
