"""The made-up district on disk, as `quetsach demo` writes it, and its parts as uploads."""

import csv
import io
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile


def write_district(folder: Path, week: date) -> Path:
    """Write the demo's logs, lists, letter and tables of that week into `folder`; return it."""
    command = [sys.executable, "-m", "quetsach", "demo", "--out", str(folder)]
    subprocess.run([*command, "--week", week.isoformat()], check=True, stdout=subprocess.DEVNULL)
    return folder


def upload(path: Path, name: str = "") -> SimpleUploadedFile:
    """Return the file at `path` as a form brings it."""
    return SimpleUploadedFile(name or path.name, path.read_bytes())


def folders_of_units(district: Path) -> dict[str, Path]:
    """Return where the logs of each unit lie, by its code."""
    rows = _rows(district / "units.csv")
    return {row["code"]: district / "evidence" / row["folder"] for row in rows}


def logs_of(folder: Path) -> SimpleUploadedFile:
    """Return all logs below `folder` in one ZIP, as somebody would pack them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    return SimpleUploadedFile("nhat-ky.zip", packed.getvalue())


def table_of(district: Path, table: str, column: str, code: str) -> SimpleUploadedFile:
    """Return the rows of one unit out of a table of the whole district, as CSV."""
    rows = [row for row in _rows(district / table) if row[column] == code]
    return _as_csv(table, rows)


def notices_of(district: Path, code: str) -> SimpleUploadedFile | None:
    """Return the authority's notices of one unit's public address, None where there are none."""
    address = next(r["public"] for r in _rows(district / "units.csv") if r["code"] == code)
    place = district / "notices/canh-bao.csv"
    rows = [row for row in _rows(place) if row["ip"] == address]
    return _as_csv("canh-bao.csv", rows) if rows else None


def _as_csv(name: str, rows: list[dict[str, str]]) -> SimpleUploadedFile:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile(name, text.getvalue().encode("utf-8-sig"))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
