"""The Spark engine beside the local one: the same sweep of the same files, starting up apart.

Run as `python -m bench.spark [--files 20] [--folder KEPT] [--json OUT]`: makes files of 256 MB and
sweeps them by threads of one process, by Spark in one process, and by a cluster of two processes.
Processor time is that of the whole tree of processes, so that other work on the machine counts
for nobody.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.shapes import MEGABYTE, Shape, make

FILE_MB = 256
MADE = 4
"""So many files are made; all others are the same ones under another name."""

ENGINES = ("local", "local[2]", "local-cluster[2,1,1024]")
WORKERS = 2


@dataclass(frozen=True)
class Sweep:
    """One sweep with one engine.

    Units: seconds; `processor` of all processes; `driver_mb` is the most memory that the driver's
    Python held, in 1,000,000 bytes. `digest` is that of its sightings.
    """

    engine: str
    start: float
    seconds: float
    processor: float
    driver_mb: float
    sightings: int
    digest: str


def processor_seconds(root: int) -> float:
    """Return what the process `root` and all below it have used; those that ended count too."""
    used: dict[int, tuple[int, float]] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks = sum(int(fields[place]) for place in range(11, 15))
        used[int(folder.name)] = int(fields[1]), ticks / os.sysconf("SC_CLK_TCK")
    below = {root}
    while more := {pid for pid, (parent, _) in used.items() if parent in below} - below:
        below |= more
    return sum(used[pid][1] for pid in below if pid in used)


def run_engine(engine: str, evidence: Path, listed: Path) -> Sweep:
    """Sweep with `engine`, once its session, if it has one, has run a job."""
    import resource

    from quetsach.api import sweeps

    with tempfile.TemporaryDirectory(prefix="quetsach-bench-") as folder:
        request = sweeps.sweep_request(
            evidence=[str(evidence)],
            lists=[listed],
            out=Path(folder, "findings"),
            engine="local" if engine == "local" else "spark",
            workers=WORKERS,
        )
        if engine == "local":
            start = 0.0
            seconds, processor, said = _timed(request)
        else:
            from quetsach.sweeping.spark import spark_session

            if "cluster" not in engine:
                os.environ["MASTER"] = engine
                # Only Java's half of the driver counts here; it needs no more than a worker has.
                os.environ["PYSPARK_SUBMIT_ARGS"] = "--driver-memory 1g pyspark-shell"
            started = time.perf_counter()
            with spark_session(WORKERS) as session:
                session.range(WORKERS).mapInArrow(_unchanged, "id long").collect()
                start = time.perf_counter() - started
                seconds, processor, said = _timed(request)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE
        digest = hashlib.sha256(Path(folder, "findings/sightings.parquet").read_bytes())
        count = int(said["sightings"])
    return Sweep(engine, start, seconds, processor, peak, count, digest.hexdigest()[:16])


def _unchanged(batches: Iterator[Any]) -> Iterator[Any]:
    yield from batches


def _timed(request: Any) -> tuple[float, float, dict[str, Any]]:
    from quetsach.api import sweeps

    before, started = processor_seconds(os.getpid()), time.perf_counter()
    said = sweeps.sweep(request)
    seconds = time.perf_counter() - started
    return seconds, processor_seconds(os.getpid()) - before, said


def filled(folder: Path, files: int, shape: Shape) -> tuple[Path, Path]:
    """Return the evidence of `files` files and the list, both in `folder`."""
    evidence = folder / "evidence"
    logs, listed = make(shape, folder)
    evidence.mkdir()
    for number in range(files):
        (evidence / f"dns-{number:05d}.log").hardlink_to(logs[number % len(logs)])
    return evidence, listed


def table(sweeps: Sequence[Sweep], megabytes: float) -> str:
    """Return the sweeps in Markdown; per core means a second of processor."""
    own = megabytes / sweeps[0].processor
    head = (
        "| engine | start, s | sweep, s | processor, s | MB/s of a core | of local | driver, MB |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    rows = (
        f"| `{one.engine}` | {one.start:.1f} | {one.seconds:.1f} | {one.processor:.1f} |"
        f" {megabytes / one.processor:.0f} | {megabytes / one.processor / own:.0%} |"
        f" {one.driver_mb:.0f} |"
        for one in sweeps
    )
    return "\n".join((head, *rows))


def _in_a_fresh_process(engine: str, evidence: Path, listed: Path) -> Sweep:
    command = [sys.executable, "-m", "bench.spark", "--engine", engine]
    done = subprocess.run(
        [*command, "--evidence", str(evidence), "--list", str(listed)],
        stdout=subprocess.PIPE,
        check=True,
    )
    return Sweep(**json.loads(done.stdout.splitlines()[-1]))


def _compare(folder: Path, options: argparse.Namespace) -> None:
    shape = Shape(size=MADE * FILE_MB, files=MADE, hosts=options.hosts, hits=options.hits)
    evidence, listed = filled(folder, options.files, shape)
    megabytes = sum(file.stat().st_size for file in evidence.iterdir()) / MEGABYTE
    sweeps = [_in_a_fresh_process(engine, evidence, listed) for engine in ENGINES]
    print(f"{shape.title}; {options.files} files, {megabytes:,.0f} MB in all\n")
    print(table(sweeps, megabytes))
    if len({one.digest for one in sweeps}) > 1:
        sys.exit("the sightings are not the same")
    if options.json:
        Path(options.json).write_text(json.dumps([asdict(one) for one in sweeps], indent=1))


def main() -> None:
    """Compare the engines, or, with `--engine`, be one of them."""
    parser = argparse.ArgumentParser(prog="python -m bench.spark", description=__doc__)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--hosts", type=int, default=2000)
    parser.add_argument("--hits", default="0.001%")
    parser.add_argument("--json")
    parser.add_argument("--engine", choices=ENGINES)
    parser.add_argument("--evidence", type=Path)
    parser.add_argument("--list", type=Path)
    options = parser.parse_args()
    if options.engine:
        print(json.dumps(asdict(run_engine(options.engine, options.evidence, options.list))))
        return
    with tempfile.TemporaryDirectory(prefix="quetsach-bench-") as made:
        _compare(Path(made), options)


if __name__ == "__main__":
    main()
