"""Damage true samples and read them: `python -m bench.fuzz [TARGET ...] [--seconds N]`.

Without names every target has a turn. What a reader must not do (raise an error without a code,
take more than ten seconds or a gigabyte, break a promise, end its process) is a flaw: its input is
written below --out, as small as it gets, and the command ends with 1.
"""

import argparse
import fnmatch
import logging
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.fuzz.record import add_turn
from bench.fuzz.running import Share
from bench.fuzz.target import FuzzTarget
from bench.fuzz.targets.all_targets import all_targets
from bench.fuzz.targets.papers import leave_out_sandbox
from bench.fuzz.turns import take_turn

_FULL_INPUTS, _FULL_SECONDS = 100_000, 1_800.0


def main() -> int:
    """Give each chosen target its turn; return 1 when any showed a flaw."""
    options = _options()
    # Of this program alone: tests read documents as everybody does.
    leave_out_sandbox()
    logging.disable(logging.CRITICAL)
    seed = options.seed or datetime.now(UTC).toordinal() * 1000
    targets = _chosen(options.targets, options.part)
    if options.input is not None:
        for target in targets:
            print(target.name, _outcome(target, options.input.read_bytes()))
        return 0
    print(f"--seed {seed}, {len(targets)} targets", flush=True)
    until = time.monotonic() + options.seconds if options.seconds else None
    inputs = flaws = 0
    cpu_seconds = 0.0
    for place, target in enumerate(targets):
        share = _share(options, until, len(targets) - place)
        figures = take_turn(target, seed, share, options.out)
        inputs, flaws = inputs + figures.inputs, flaws + len(figures.flaws)
        cpu_seconds += figures.cpu_seconds
        if options.record is not None:
            add_turn(options.record, target.name, figures)
        if options.verbose:
            print(
                f"{target.name}: {figures.inputs:,} inputs, {figures.cpu_seconds} s, "
                f"{figures.lines_hit}/{figures.lines} lines, kept {figures.kept}, "
                f"slowest {figures.slowest:.2f} s, {len(figures.flaws)} flaws",
                flush=True,
            )
    print(f"{inputs:,} damaged inputs, {cpu_seconds:.0f} s of the processor, {flaws} flaws")
    return 1 if flaws else 0


def _outcome(target: FuzzTarget, content: bytes) -> str:
    """Return how a target takes `content`. Errors: those that are flaws."""
    try:
        target.read(content)
    except Exception as error:
        if target.flaw_of(error):
            raise
        return f"refused: {error}"
    return "read"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help="names, with * for any: log.*")
    parser.add_argument("--seconds", type=float, default=0.0, help="for all targets together")
    parser.add_argument("--inputs", type=int, default=_FULL_INPUTS, help="at most, for each target")
    parser.add_argument("--cpu-seconds", type=float, default=_FULL_SECONDS, help="the same")
    parser.add_argument(
        "--seed", type=int, default=0, help="moves with the day where none is given"
    )
    parser.add_argument("--part", default="1/1", help="2/3: the second third of the targets")
    parser.add_argument("--out", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--record", type=Path, help="a file of JSON that figures are added to")
    parser.add_argument("--input", type=Path, help="read this file by the target, and no other")
    parser.add_argument("--verbose", action="store_true", help="say what each target did")
    return parser.parse_args()


def _chosen(patterns: list[str], part: str) -> list[FuzzTarget]:
    targets = [
        target
        for target in all_targets()
        if not patterns or any(fnmatch.fnmatch(target.name, pattern) for pattern in patterns)
    ]
    if not targets:
        raise SystemExit(
            "no target is called so: " + ", ".join(target.name for target in all_targets())
        )
    number, of = map(int, part.split("/"))
    return targets[number - 1 :: of]


def _share(options: argparse.Namespace, until: float | None, left: int) -> Share:
    """Return a turn's share; of a time for all, an equal part of what is left."""
    seconds = options.cpu_seconds
    if until is None:
        return Share(options.inputs, seconds)
    now = time.monotonic()
    return Share(options.inputs, seconds, now + max(0.05, (until - now) / left))


if __name__ == "__main__":
    sys.exit(main())
