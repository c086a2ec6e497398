"""Two weeks of findings, and tables of handlings."""

import json
from pathlib import Path

from quetsach.findings.folder import digests_of, write_json
from tests.sweeping.evidence import write
from tests.verdicts.cases import day
from tests.verdicts.folders import Log, Seen, findings

BEFORE = [day(one) for one in range(1, 10)]


AFTER = [day(one) for one in range(10, 24)]
"""From the 1st to the 9th, and two weeks more."""


def handled(tmp_path: Path, *rows: str) -> Path:
    return write(tmp_path / "handled.csv", "\n".join(["Thiết bị;Thời gian;Nội dung", *rows]))


def weeks(tmp_path: Path) -> list[Path]:
    first = findings(tmp_path / "w1", [Log("dns.1.log", BEFORE)], [Seen(f"{day(5)} 10:15")])
    second = findings(tmp_path / "w2", [Log("dns.2.log", AFTER)], [])
    return [first, second]


def forged(folder: Path, name: str, content: bytes) -> Path:
    """Replace a file of findings and the digest that the manifest keeps of it."""
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"] = digests_of(folder)
    write_json(folder / "manifest.json", manifest)
    return folder
