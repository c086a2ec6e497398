"""The table of security requirements is what the tests themselves say."""

import pytest

from tools.security_asvs import (
    REQUIREMENTS,
    BadMarkError,
    asvs_page,
    marks_of,
    proofs,
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


def test_the_page_counts_what_is_proved_and_says_what_is_not() -> None:
    rows = read_requirements(
        '"V2.1.10" = { level = 1, is = "a" }\n"V2.1.9" = { level = 2, is = "b" }\n'
        '"V2.1.1" = { level = 2, is = "c", reason = "there is none" }'
    )
    page = asvs_page(rows, {"V2.1.9": ["tests/x.py::test_a"]})
    assert "1 of 2 that apply" in page
    places = [page.index(text) for text in ("there is none", "`tests/x.py::test_a`", "no test yet")]
    assert places == sorted(places)


def test_a_mark_without_a_row_is_refused() -> None:
    with pytest.raises(BadMarkError, match=r"V9\.9\.9"):
        asvs_page({}, {"V9.9.9": ["tests/x.py"]})


@pytest.mark.parametrize(
    "row",
    [
        '"V1.2" = { level = 1, is = "a" }',
        '"V1.2.3" = { level = 4, is = "a" }',
        '"V1.2.3" = { level = 1 }',
    ],
)
def test_a_row_that_cannot_be_is_refused(row: str) -> None:
    with pytest.raises(BadMarkError):
        read_requirements(row)


def test_nine_of_ten_rows_that_apply_have_their_test() -> None:
    rows = read_requirements(REQUIREMENTS.read_text("utf-8"))
    wanted = [asvs_id for asvs_id, row in rows.items() if "reason" not in row]
    proved = proofs()
    assert len(wanted) > 40
    assert sum(asvs_id in proved for asvs_id in wanted) >= 0.9 * len(wanted)
