"""A part without a fitting licence is named, and NOTICE names whose works go along."""

from dataclasses import replace
from pathlib import Path

import pytest

from tools.supply.checking import faults
from tools.supply.licences import read_table
from tools.supply.notice import notice
from tools.supply.parts import ROOT, BuildPart, python_parts

TABLE = read_table()
PACKAGES = python_parts(TABLE)


def test_every_package_of_the_lock_has_a_licence_that_fits() -> None:
    assert list(faults(TABLE, PACKAGES, [], ROOT)) == []


@pytest.mark.parametrize(
    ("licence", "said"),
    [("", "not known"), ("GPL-3.0-only", "GPL-3.0-only is not allowed"), ("SSPL-1.0", "SSPL-1.0")],
)
def test_a_part_that_does_not_fit_is_named_with_what_to_do(licence: str, said: str) -> None:
    strange = BuildPart("pypi", "strange", "1.0", licence, ())
    problems = list(faults(TABLE, [*PACKAGES, strange], [], ROOT))
    assert len(problems) == 1
    assert problems[0].startswith("strange 1.0: ")
    assert said in problems[0]
    assert list(faults(TABLE, PACKAGES, [replace(strange, ecosystem="cargo")], ROOT)) == problems


def test_rows_that_nothing_needs_and_works_that_are_gone_are_named(tmp_path: Path) -> None:
    table = replace(TABLE, stated={**TABLE.stated, "forgotten": "MIT"})
    assert list(faults(table, PACKAGES, [], ROOT)) == [
        "forgotten: stated in licences.toml and in no build; take the row out"
    ]
    gone = list(faults(TABLE, PACKAGES, [], tmp_path))
    assert len(gone) == sum(len(work.files) + 1 for work in TABLE.bundled)


def test_each_licence_that_stands_in_the_source_belongs_to_a_work_of_the_table() -> None:
    texts = {
        path.relative_to(ROOT).as_posix()
        for pattern in ("*LICENSE*", "*COPYING*", "NOTICE*")
        for path in (ROOT / "src").rglob(pattern)
    }
    assert texts == {work.text for work in TABLE.bundled}
    # Fonts and packed data are works of others; none may be here without its row.
    binary = {
        path.relative_to(ROOT).as_posix()
        for ending in ("woff2", "woff", "ttf", "otf", "gz", "bin", "so")
        for path in (ROOT / "src").rglob(f"*.{ending}")
    }
    named = {
        path.relative_to(ROOT).as_posix()
        for work in TABLE.bundled
        for pattern in work.files
        for path in ROOT.glob(pattern)
    }
    assert binary <= named


def test_notice_names_what_is_compiled_in_and_why_weak_copyleft_may_be_used() -> None:
    crates = [
        BuildPart("cargo", "linked", "1.0", "MIT", (), page="https://linked.example"),
        BuildPart("cargo", "builder", "1.0", "MIT", (), runs=False),
    ]
    text = notice(TABLE, PACKAGES, crates)
    assert "linked: MIT  <https://linked.example>\n" in text
    assert "builder" not in text
    for said in (
        "Be Vietnam Pro: OFL-1.1",
        "psycopg: LGPL-3.0-only",
        "LGPL-3.0-only: psycopg and ldap3: un",
    ):
        assert said in text
