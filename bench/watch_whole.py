"""The watch against the full sweep, and through kills and real rotations: the whole of it.

python -m bench.watch_whole FOLDER...   files of these folders, grown at random bytes and restarted,
                                        give every sighting and count that a sweep of them gives
python -m bench.watch_whole --rotate    logrotate in four modes, the watch killed again and again

FOLDER holds `indicators` and `evidence`, as `quetsach demo` writes it; one without `indicators` is
searched for a name that nothing holds, and the counts are compared.
"""

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.watch import line
from quetsach.api.sweeps import sweep_request
from quetsach.scanning.job import ScanJob, WorkerTools, prepare
from quetsach.scanning.line_outcomes import LineCounts
from quetsach.sweeping.own_network import OwnNetwork
from quetsach.sweeping.sweep import SweepRequest, read_evidence
from quetsach.watch.chunks import numbered
from quetsach.watch.keeping import sightings_in
from quetsach.watch.state import STATE_FILE, WatchState
from quetsach.watch.watching import Watch

MOST_BYTES = 16 << 20
_DEVICE = ("quetsach.device", "quetsach.lease.")

MODES = {
    "create": "create",
    "create, packed": "create\n compress",
    "copytruncate": "copytruncate",
    "copytruncate, packed": "copytruncate\n compress",
}


def main(words: Sequence[str] | None = None) -> int:
    """Return 1 where anything differs or is lost."""
    parser = argparse.ArgumentParser(prog="bench.watch_whole", description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--rotate", action="store_true")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args(words)
    rng = random.Random(arguments.seed)
    outcomes = [_grown(folder, rng) for folder in arguments.folders]
    if arguments.rotate:
        if shutil.which("logrotate") is None:
            print("SKIPPED: no logrotate here (apt-get install logrotate)")
        else:
            outcomes += [_rotated(name, rng, arguments.rounds) for name in MODES]
    return 0 if all(outcomes) else 1


def _grown(folder: Path, rng: random.Random) -> bool:
    lists, evidence = folder / "indicators", folder / "evidence"
    files = sorted(path for path in (evidence if evidence.is_dir() else folder).rglob("*"))
    wrong = sightings = steps = count = 0
    with TemporaryDirectory(prefix="watch-whole-") as name:
        listed = Path(name) / "list.txt"
        listed.write_text("no-such-name.example\n", encoding="ascii")
        request = sweep_request(
            evidence=(), lists=[lists if lists.is_dir() else listed], out=Path(name) / "none"
        )
        tools = prepare(ScanJob(request.indicators, request.options))
        for path in files:
            if not path.is_file() or not 0 < path.stat().st_size <= MOST_BYTES:
                continue
            count += 1
            with TemporaryDirectory(prefix="watch-whole-") as place:
                swept, grown, cuts = _both(path, Path(place), request, tools, rng)
            sightings += len(swept[0])
            steps += cuts
            if swept != grown:
                wrong += 1
                print(
                    f"DIFFERS {path}: {len(swept[0])} {swept[1]}, grown {len(grown[0])} {grown[1]}"
                )
    print(f"{folder}: {count} files, {sightings} sightings, {steps} steps, {wrong} differ")
    return not wrong


def _both(
    path: Path, folder: Path, request: SweepRequest, tools: WorkerTools, rng: random.Random
) -> tuple[Any, Any, int]:
    """Return sightings and counts of a sweep of `path`, and of a watch while it grew."""
    log, text, clock = folder / path.name, path.read_bytes(), [time.time()]
    cuts = sorted({rng.randrange(len(text) + 1) for _ in range(rng.randrange(1, 9))} | {len(text)})

    def started() -> tuple[WatchState, Watch]:
        state = WatchState(folder / "state")
        return state, Watch(state, [str(log)], tools, OwnNetwork(), lambda: clock[0])

    state, watch = started()
    place = 0
    for cut in cuts:
        with log.open("ab") as file:
            file.write(text[place:cut])
        place = cut
        clock[0] += 1.5
        os.utime(log, (clock[0], clock[0]))
        watch.round()
        if rng.random() < 0.2:
            watch.close()
            state.close()
            state, watch = started()
    for _ in range(8 + len(text) // (4 << 20)):
        clock[0] += 40
        watch.round(to_end=True)
    counts = LineCounts()
    for stream in state.streams():
        of_lines = {name: n for name, n in stream.counts.items() if name != "forms"}
        counts.add(LineCounts(**of_lines))
    grown = _plain(row for batch in sightings_in(state) for row in batch.to_pylist()), vars(counts)
    watch.close()
    state.close()
    return _swept(log, folder, request), grown, len(cuts)


def _swept(log: Path, folder: Path, request: SweepRequest) -> Any:
    spool = folder / "spool"
    spool.mkdir()
    read = read_evidence(SweepRequest([str(log)], request.indicators, folder / "out"), spool)
    counts = LineCounts()
    for source in read.gathered.sources:
        counts.add(source.counts)
    rows = (
        row
        for number, path in read.gathered.spools
        for batch in numbered(path.read_bytes(), read.gathered.sources[number].links)
        for row in batch.to_pylist()
    )
    return _plain(rows), vars(counts)


def _plain(rows: Iterator[dict[str, Any]]) -> list[Any]:
    return sorted(
        [(name, str(told)) for name, told in row.items() if not name.startswith(_DEVICE)]
        for row in rows
    )


def _rotated(mode: str, rng: random.Random, rounds: int) -> bool:
    """Return whether each line is told once while its log is rotated and its watch killed."""
    with TemporaryDirectory(prefix="watch-rotate-") as name:
        folder = Path(name)
        logs = folder / "logs"
        logs.mkdir(mode=0o755)
        log, listed, rules = logs / "eve.json", folder / "list.txt", folder / "rotate.conf"
        listed.write_text("bad.example\n", encoding="ascii")
        rules.write_text(f"{log} {{\n rotate 99\n {MODES[mode]}\n}}\n", encoding="ascii")
        rules.chmod(0o644)
        log.write_bytes(b"")
        child, kills, number = _watch(log, listed, folder), 0, 0
        _wait_for_first_look(folder)
        for _ in range(rounds):
            for _ in range(rng.randrange(2, 5)):
                number = _append(log, number, rng.randrange(1, 400))
                time.sleep(rng.random() * 0.4)
                if rng.random() < 0.6:
                    child.send_signal(signal.SIGKILL)
                    child.wait()
                    kills += 1
                    if rng.random() < 0.3:
                        number = _append(log, number, rng.randrange(1, 400))
                        _rotate(rules, folder)
                    child = _watch(log, listed, folder)
            number = _append(log, number, rng.randrange(1, 400))
            _rotate(rules, folder)
        number = _append(log, number, 10)
        kept = _kept_in_the_end(folder, number)
        child.send_signal(signal.SIGTERM)
        child.wait()
    print(f"logrotate {mode}: {number} lines, {kills} kills, {number - kept} lost or twice")
    return kept == number


def _append(log: Path, number: int, count: int) -> int:
    with log.open("ab") as file:
        file.write(b"".join(line(n, "bad.example") for n in range(number, number + count)))
    return number + count


def _rotate(rules: Path, folder: Path) -> None:
    words = ["logrotate", "-f", "-s", str(folder / "logrotate.state"), str(rules)]
    subprocess.run(words, check=True, stderr=subprocess.DEVNULL)
    if not (folder / "logs" / "eve.json").exists():
        (folder / "logs" / "eve.json").touch()


def _watch(log: Path, listed: Path, folder: Path) -> "subprocess.Popen[bytes]":
    words = ["watch", "run", str(log), "-i", str(listed), "--state", str(folder / "state")]
    return subprocess.Popen(
        [sys.executable, "-m", "quetsach", *words, "--quiet"], stdout=subprocess.DEVNULL
    )


def _wait_for_first_look(folder: Path) -> None:
    """Wait until the log is watched: what was rotated before is not what its user named."""
    for _ in range(600):
        time.sleep(0.1)
        if not (folder / "state" / STATE_FILE).exists():
            continue
        with suppress(sqlite3.Error), sqlite3.connect(folder / "state" / STATE_FILE) as base:
            if base.execute("SELECT COUNT(*) FROM source").fetchone()[0]:
                return


def _kept_in_the_end(folder: Path, wanted: int) -> int:
    """Return how many sightings are kept, once there are `wanted` or nothing more comes."""
    last = time.monotonic() + 40
    kept = 0
    while kept < wanted and time.monotonic() < last:
        time.sleep(0.5)
        if (folder / "state" / STATE_FILE).exists():
            with sqlite3.connect(folder / "state" / STATE_FILE, timeout=30) as base:
                kept = base.execute("SELECT COUNT(*) FROM sighting").fetchone()[0]
    return int(kept)


if __name__ == "__main__":
    sys.exit(main())
