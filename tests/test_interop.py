"""docs/interop.md: each of its tests is there, and each form of ours has its row."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from quetsach.api.exporting import EXPORTS
from quetsach.api.pushing import KINDS
from quetsach.blocklists.outputs.registry import OUTPUTS
from quetsach.indicators.formats.registry import FORMS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "interop.md").read_text("utf-8")
WAYS = {"real", "library", "double", "grammar", "none"}
ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not re.match(r"\| (output|program|form|list|input|part) \|", line)
]


def under(heading: str) -> str:
    """Return the first cells of the tables under a heading."""
    part = PAGE.partition(f"## {heading}")[2].partition("\n## ")[0]
    return "\n".join(line.split("|")[1] for line in part.splitlines() if line.startswith("| "))


@cache
def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_the_page_has_its_rows() -> None:
    assert len(ROWS) > 50


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_a_row_says_is_done_by_a_test_that_is_there(row: list[str]) -> None:
    _what, way, tried, reference = row
    assert way in WAYS
    # A program is named with its version.
    assert way in ("grammar", "none", "double") or re.search(r"\d\.\d|\d{2}|Python", tried)
    if way == "none":
        return
    path, _colons, name = reference.partition("::")
    assert (ROOT / path).is_file(), path
    assert not name or name in functions_of(path), reference


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("Lists for devices", [output.name for output in OUTPUTS]),
        ("Sightings for other", [export.name for export in EXPORTS]),
        ("Lists read", [form.name for form in FORMS]),
    ],
)
def test_each_form_has_its_row(heading: str, names: list[str]) -> None:
    first_cells = under(heading)
    assert [name for name in names if f"`{name}`" not in first_cells] == []


def test_each_kind_of_server_has_its_row() -> None:
    first_cells = under("Sightings for other")
    assert [kind for kind in KINDS if f"push to `{kind}`" not in first_cells] == []


VIETNAMESE = {
    "thật": "real",
    "thư viện": "library",
    "giả lập": "double",
    "theo tài liệu": "grammar",
    "không có": "none",
}


def test_the_vietnamese_page_says_the_same_row_by_row() -> None:
    text = (ROOT / "docs/vi/interop.md").read_text("utf-8")
    twins = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| ") and "| mức |" not in line
    ]
    version = re.compile(r"\d+\.\d+(?:\.\d+)?")
    wrong = [
        f"{row[0]} ({row[1]}, {row[2]}): docs/vi/interop.md has {twin}"
        for row, twin in zip(ROWS, twins, strict=True)
        if VIETNAMESE.get(twin[1]) != row[1]
        or set(version.findall(row[2])) - set(version.findall(twin[2]))
    ]
    assert not wrong, "\n".join(wrong)
