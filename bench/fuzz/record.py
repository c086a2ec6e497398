"""What was run in all: figures of each target, added up over turns, in one file of JSON."""

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.fuzz.running import TurnFigures


def add_turn(path: Path, name: str, figures: TurnFigures) -> None:
    """Add a turn of the target `name` to the record at `path`; other processes may do so, too."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        record = json.loads(path.read_bytes()) if path.exists() else {}
        record[name] = _added(record.get(name, {}), figures)
        text = json.dumps(dict(sorted(record.items())), indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
    finally:
        os.close(folder)


def _added(before: Mapping[str, Any], figures: TurnFigures) -> dict[str, Any]:
    return {
        "inputs": before.get("inputs", 0) + figures.inputs,
        "cpu_seconds": round(before.get("cpu_seconds", 0.0) + figures.cpu_seconds, 1),
        "lines_hit": max(before.get("lines_hit", 0), figures.lines_hit),
        "lines": max(before.get("lines", 0), figures.lines),
        "slowest_seconds": round(max(before.get("slowest_seconds", 0.0), figures.slowest), 2),
        "flaws": sorted({*before.get("flaws", ()), *figures.flaws}),
    }
