"""The table of security requirements is what the tests themselves say."""

import pytest

from tools.security_asvs import (
    PUBLISHED,
    REQUIREMENTS,
    BadMarkError,
    asvs_page,
    main,
    marks_of,
    proofs,
    read_levels,
    read_requirements,
)

MARKED = """
pytestmark = [pytest.mark.django_db, pytest.mark.asvs("V1.2.3")]

@pytest.mark.asvs("V2.1.1", "V2.1.10")
@pytest.mark.parametrize("a", [1])
def test_a(a): pass

def test_b(): pass
"""


def test_marks_are_read_of_tests_and_of_whole_files() -> None:
    assert list(marks_of(MARKED)) == [("V1.2.3", ""), ("V2.1.1", "test_a"), ("V2.1.10", "test_a")]


LEVELS = read_levels("# ids\nV2.1 1223\nV2.2 1\n")
ROWS = (
    '"V2.1.1" = { is = "a" }\n"V2.1.2" = { is = "b", out = "there is none" }\n'
    '"V2.1.3" = { is = "c", why = "nobody can" }\n"V2.2.1" = { is = "d" }\n'
)


def test_levels_stand_by_section() -> None:
    assert LEVELS == {"V2.1.1": 1, "V2.1.2": 2, "V2.1.3": 2, "V2.1.4": 3, "V2.2.1": 1}
    with pytest.raises(BadMarkError, match="V2"):
        read_levels("V2 12")


def test_the_page_counts_what_is_proved_and_says_what_is_not() -> None:
    rows = read_requirements(ROWS, LEVELS)
    page = asvs_page(rows, {"V2.2.1": ["tests/x.py::test_a"]}, LEVELS)
    assert "1 do not apply. Of 3 that apply, 1 (33 %) have a test" in page
    assert "1 a reason why none does, 1 neither" in page
    wanted = (
        "no test yet",
        "there is none",
        "nobody can",
        "| V2.2.1 | 1 | d | `tests/x.py::test_a`",
    )
    places = [page.index(text) for text in wanted]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("proved", "told"),
    [
        ({"V2.1.4": ["tests/x.py"]}, r"no such row.*V2\.1\.4"),
        ({"V2.1.2": ["tests/x.py"]}, r"as well: V2\.1\.2"),
        ({"V2.1.3": ["tests/x.py"]}, r"as well: V2\.1\.3"),
    ],
)
def test_a_mark_that_contradicts_the_rows_is_refused(proved, told: str) -> None:
    with pytest.raises(BadMarkError, match=told):
        asvs_page(read_requirements(ROWS, LEVELS), proved, LEVELS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ROWS + '"V2.3.1" = { is = "a" }', "no such id"),
        (ROWS + '"V2.1.4" = { is = "" }', "in words"),
        (ROWS + '"V2.1.4" = { is = "a", out = "b", why = "c" }', "neither"),
        (ROWS + '"V2.1.4" = { is = "a", level = 2 }', "neither"),
        (ROWS.replace('"V2.2.1" = { is = "d" }\n', ""), "without a row: V2.2.1"),
    ],
)
def test_a_table_that_cannot_be_is_refused(text: str, told: str) -> None:
    with pytest.raises(BadMarkError, match=told):
        read_requirements(text, LEVELS)


def test_all_of_levels_1_and_2_stand_there_and_nine_of_ten_that_apply_have_their_test() -> None:
    levels = read_levels(PUBLISHED.read_text("utf-8"))
    assert sum(level == 1 for level in levels.values()) == 70
    assert sum(level == 2 for level in levels.values()) == 183
    rows = read_requirements(REQUIREMENTS.read_text("utf-8"), levels)
    proved = proofs()
    wanted = [asvs_id for asvs_id, row in rows.items() if "out" not in row]
    assert sum(asvs_id in proved for asvs_id in wanted) >= 0.9 * len(wanted)
    assert not [
        asvs_id for asvs_id in wanted if asvs_id not in proved and "why" not in rows[asvs_id]
    ]


def test_the_share_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    assert " that apply, " in capsys.readouterr().out
