"""What each of several sweeps brought of the same logs; known texts for the next sweep."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quetsach.evidence.beginnings import KnownText as KnownText
from quetsach.findings.folder import Findings, read_folder
from quetsach.findings.import_ledger import LogStream as LogStream
from quetsach.findings.import_ledger import StreamChange as StreamChange
from quetsach.findings.import_ledger import StreamGrowth as StreamGrowth
from quetsach.findings.import_ledger import StreamIndex as StreamIndex
from quetsach.findings.import_ledger import SweepMark as SweepMark
from quetsach.findings.import_ledger import TextRead as TextRead
from quetsach.findings.streams import StreamLog as StreamLog
from quetsach.findings.streams import known_texts_of
from quetsach.findings.streams import streams_of as streams_of


@dataclass(frozen=True)
class PartView:
    """A part of a stream as the ledger shows it: by which folder, and of which file."""

    folder: str
    path: str
    part: StreamGrowth


@dataclass
class ImportLedger:
    """All streams in several findings folders, and what each folder brought of them.

    Shapes: `parts` has a list for each of `streams`; `numbers` are those of all sightings.
    """

    streams: list[LogStream] = field(default_factory=list)
    parts: list[list[PartView]] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)

    @property
    def lines(self) -> int:
        """All lines, those that several folders have once."""
        return sum(stream.lines for stream in self.streams)

    @property
    def has_diverged(self) -> bool:
        """Whether a log was edited or damaged after it was first read."""
        parts = (view.part for views in self.parts for view in views)
        return any(part.change is StreamChange.DIVERGED for part in parts)

    def to_json(self) -> dict[str, Any]:
        """Return it as `quetsach ledger --json` prints it."""
        return {
            "lines": self.lines,
            "sightings": len(self.numbers),
            "streams": [
                {
                    "name": stream.name,
                    "kind": stream.kind,
                    "lines": stream.lines,
                    "sightings": len(stream.numbers),
                    "parts": [_part_json(view) for view in views],
                }
                for stream, views in zip(self.streams, self.parts, strict=True)
            ],
        }


def _part_json(view: PartView) -> dict[str, Any]:
    part = view.part
    return {
        "folder": view.folder,
        "path": view.path,
        "change": str(part.change),
        "proved": part.is_proved,
        "from": part.start,
        "to": part.to,
        "lines": part.lines,
        "new_lines": part.new_lines,
        "sightings": part.sightings,
        "known_sightings": part.sightings - part.new_sightings,
        "new_sightings": part.new_sightings,
    }


def import_ledger(folders: Sequence[Path]) -> ImportLedger:
    """Return what the findings in `folders`, the oldest first, brought of each log.

    Errors: E303, E305 for a folder. Cost: memory for the numbers of all sightings.
    """
    index, ledger = StreamIndex(), ImportLedger()
    ledger.streams = index.streams
    for number, folder in enumerate(folders):
        findings = read_folder(folder)
        sweep = SweepMark(number, listed_in(findings))
        for log in streams_of(findings):
            stream, growth = index.take(log, sweep)
            if growth.stream is None:
                ledger.parts.append([])
            ledger.parts[stream.number].append(PartView(str(folder), log.path, growth))
            ledger.numbers |= log.numbers
    return ledger


def listed_in(findings: Findings) -> str:
    """Return what the sweep looked for, and when: two of the same have the same sightings."""
    options = findings.manifest.get("options", {})
    digest = findings.manifest.get("indicator_set", {}).get("digest", "")
    return " ".join(str(one) for one in (digest, options.get("since"), options.get("until")))


def known_texts(folders: Sequence[Path]) -> list[KnownText]:
    """Return the texts that sweeps have read, for a later one to compare. Errors: E303, E305."""
    texts: dict[KnownText, None] = {}
    for folder in folders:
        texts.update(dict.fromkeys(known_texts_of(read_folder(folder))))
    return list(texts)
