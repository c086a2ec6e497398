"""The sample letters beside this file, and how what is expected of them is rewritten.

`python -m tests.letters.golden` rewrites each `<name>.expected.json`; review the diff like code.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from quetsach.letters.read import read_letter
from quetsach.texts import use_language
from tests.letters.texts import SAMPLES, paper_of


def samples() -> list[Path]:
    """Return the sample letters, sorted by name."""
    return sorted(SAMPLES.glob("*.txt"))


def expected_path(path: Path) -> Path:
    """Return the file that holds what is expected of a sample."""
    return path.with_suffix(".expected.json")


def as_json(path: Path) -> Any:
    """Return what a sample becomes, as plain values; what is null, empty or "" is left out."""
    paper = paper_of(path.read_text(encoding="utf-8"), path.name)
    return _full(msgspec.to_builtins(read_letter(paper)))


def _full(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _full(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [_full(one) for one in value]
    return value


def rewrite() -> None:
    """Write what is expected of every sample anew."""
    use_language("en")
    for path in samples():
        text = json.dumps(as_json(path), ensure_ascii=False, indent=1, sort_keys=True)
        expected_path(path).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    rewrite()
