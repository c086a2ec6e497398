"""Findings as an edXML AVReport, written and read."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from quetsach.run.avreport import Exported, Pair, Reading, export, read_file


def export_avreport(
    folder: Path,
    out: Path,
    *,
    organ: Path,
    key: Path | None = None,
    cert: Path | None = None,
    passphrase: bytes | None = None,
    subject: str | None = None,
) -> Exported:
    """Write the findings in `folder` as an edXML AVReport, signed where a key is given.

    Errors: E303, E305, E441, E442, E444.
    """
    pair = Pair(key, cert, passphrase) if key is not None and cert is not None else None
    return export(folder, out, organ=organ, pair=pair, subject=subject)


def read_avreport(
    path: Path, *, trust: Sequence[Path] = (), when: datetime | None = None
) -> Reading:
    """Return the AVReport at `path` with the verdict on its signature, as of `when` (aware; now).

    Errors: E440, E443, E444.
    """
    return read_file(path, trust=trust, when=when)
