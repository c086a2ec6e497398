"""The table of what was fuzzed adds up, and stands where its page has a place for it."""

import json
from typing import Any

import pytest

from bench.fuzz.targets.all_targets import all_targets
from tools.docs import FUZZED
from tools.pages.fuzzing import GROUPS, fuzzing_page, fuzzing_section, with_section


def row(inputs: int, hit: int, lines: int, **more: Any) -> dict[str, Any]:
    seen = {"inputs": inputs, "lines_hit": hit, "lines": lines}
    return {"cpu_seconds": 1.5, "slowest_seconds": 0.2, "flaws": [], **seen, **more}


RECORD = {
    "log.a": row(1000, 8, 10),
    "log.b": row(500, 1, 10, flaws=["KeyError in x"]),
    "sign.c": row(7, 0, 0, slowest_seconds=1.0),
}


def test_groups_and_all_are_added_up() -> None:
    section = fuzzing_section(RECORD)
    assert f"| 2 × {GROUPS['log']} | 1,500 | 3 | 45% | 0.2 | 1 |" in section
    assert f"| 1 × {GROUPS['sign']} | 7 | 2 | – | 1.0 | 0 |" in section
    assert "| all | 1,507 | 4 | 45% | 1.0 | 1 |" in section


def test_each_target_has_its_row_below_its_group() -> None:
    page = fuzzing_page(RECORD)
    assert "| `log.b` | 500 | 2 | 10% | 0.2 | 1 |" in page
    assert "## `packed`" not in page


def test_every_target_belongs_to_a_group_and_the_record_to_targets() -> None:
    names = {target.name for target in all_targets()}
    assert {name.partition(".")[0] for name in names} == set(GROUPS)
    assert set(json.loads(FUZZED.read_bytes())) <= names


def test_a_section_is_put_in_its_place_alone() -> None:
    begin, end = fuzzing_section({}).split("\n")[0], "<!-- end of fuzzing -->"
    page = f"# a\n\n{begin}\nold\n{end}\n\n## b\n"
    assert with_section(page, "new") == "# a\n\nnew\n\n## b\n"
    with pytest.raises(ValueError, match="no place"):
        with_section("# a\n", "new")
