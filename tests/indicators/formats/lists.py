"""Reads the list of a test as the program does, and returns it in short rows."""

from pathlib import Path

from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists

OPTIONS = ListOptions(accept_private=True)
"""Samples use the ranges for documentation, which a real list would not hold."""


def read(folder: Path, name: str, content: str | bytes) -> IndicatorSet:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_lists([path], OPTIONS)


def form(found: IndicatorSet) -> str:
    return found.readings[0].form


def rules(found: IndicatorSet) -> list[tuple[str, str]]:
    return [(one.key, one.rule.value) for one in found.indicators]


def refused(found: IndicatorSet) -> list[tuple[int, str]]:
    return [(one.origin.row, str(one.reason)) for one in found.refusals]
