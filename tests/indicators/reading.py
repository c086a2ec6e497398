"""Reads the list of a test in the time of Vietnam."""

from datetime import timedelta, timezone
from pathlib import Path

from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists

VIETNAM = ListOptions(zone=timezone(timedelta(hours=7)))


def read_file(tmp_path: Path, name: str, content: str | bytes) -> IndicatorSet:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_lists([path], VIETNAM)


def keys(found: IndicatorSet) -> list[str]:
    return [one.key for one in found.indicators]
