"""What was run in all: figures of each target, added up over turns, in one file of JSON."""

import fcntl
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.fuzz.running import TurnFigures


def add_turn(path: Path, name: str, figures: TurnFigures) -> None:
    """Add a turn of the target `name` to the record at `path`; other processes may do so, too."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        record = json.loads(path.read_bytes()) if path.exists() else {}
        record[name] = _added(record.get(name, {}), figures)
        text = json.dumps(dict(sorted(record.items())), indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")


def _added(before: Mapping[str, Any], figures: TurnFigures) -> dict[str, Any]:
    return {
        "inputs": before.get("inputs", 0) + figures.inputs,
        "cpu_seconds": round(before.get("cpu_seconds", 0.0) + figures.cpu_seconds, 1),
        "lines_hit": max(before.get("lines_hit", 0), figures.lines_hit),
        "lines": figures.lines,
        "slowest_seconds": round(max(before.get("slowest_seconds", 0.0), figures.slowest), 2),
        "flaws": sorted({*before.get("flaws", ()), *figures.flaws}),
    }
