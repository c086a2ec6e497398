"""A sweep of real evidence, and a plain reading of the same files to hold it against."""

import codecs
import gzip
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from quetsach.api import findings as api_findings
from quetsach.api import problems, sweeps
from quetsach.indicators.model import IndicatorSet
from quetsach.scanning.job import ReadOptions

PARTS = ("sieved_out", "no_match", "sighting_lines", "rejects")
COLUMNS = (
    "log.file.path",
    "log.offset",
    "event.original",
    "quetsach.indicator.key",
    "quetsach.match.rule",
)


@dataclass(frozen=True)
class Swept:
    """What a sweep gave; its paths are shown from `root` on."""

    root: Path
    lists: IndicatorSet
    summary: dict[str, Any]

    @property
    def exit_code(self) -> int:
        return problems.exit_code(self.summary)

    @cached_property
    def sources(self) -> dict[str, dict[str, Any]]:
        """The sources of `coverage.json` by their path."""
        findings = api_findings.read_folder(Path(self.summary["findings"]))
        return {self.shown(one["path"]): one for one in findings.coverage["sources"]}

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The sightings, with COLUMNS only."""
        table = pq.read_table(
            Path(self.summary["findings"]) / "sightings.parquet", columns=list(COLUMNS)
        )
        return [
            {**row, "log.file.path": self.shown(row["log.file.path"])} for row in table.to_pylist()
        ]

    @cached_property
    def met(self) -> set[tuple[str, str]]:
        """The pairs of indicator and file that met."""
        return {(row["quetsach.indicator.key"], row["log.file.path"]) for row in self.rows}

    @cached_property
    def unread(self) -> dict[str, str]:
        """The code of each file that was not, or not wholly, read."""
        return {self.shown(one["path"]): one["code"] for one in self.summary["unread"]}

    def shown(self, path: str) -> str:
        return Path(path).relative_to(self.root).as_posix()


def swept(evidence: Sequence[Path], lists: IndicatorSet, target: Path, *, root: Path) -> Swept:
    """Sweep `evidence` for `lists`; every line of it is in exactly one of PARTS."""
    options = ReadOptions(accept_private=True)
    summary = sweeps.sweep(sweeps.SweepRequest([*map(str, evidence)], lists, target, options))
    assert summary["lines"] == sum(summary[part] for part in PARTS)
    return Swept(root, lists, summary)


def files_of(folder: Path) -> list[Path]:
    """Return every file below `folder`, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def content_of(path: Path) -> bytes:
    """Return the content of a text log, unpacked, as UTF-8; the plain way."""
    whole, within, name = str(path).partition("!")
    if within:
        with zipfile.ZipFile(whole) as archive:
            return archive.read(name)
    content = path.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        return gzip.decompress(content)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16").encode()
    return content


def line_starts(content: bytes) -> list[int]:
    """Return the offsets at which the lines of `content` begin; an empty last piece is no line."""
    starts, place = [], 0
    for line in content.split(b"\n"):
        starts.append(place)
        place += len(line) + 1
    return starts if content and not content.endswith(b"\n") else starts[:-1]
