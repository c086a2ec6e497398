"""The table has a row for the forms of each app, and one for each other act; a try counts once."""

import pytest

from tests.portal.faults.running import Tried
from tests.portal.faults.table import BEGIN, END, written_into


def test_forms_stand_together_jobs_alone_and_what_was_not_reached_counts_nowhere() -> None:
    tried = [
        Tried("cases:close", "commit", "a.py:1", 1, "kill", "nothing", ()),
        Tried("cases:close", "commit", "a.py:1", 1, "kill", "nothing", ()),
        Tried("cases:assign", "commit", "a.py:2", 1, "kill after", "all", ("rows differ",)),
        Tried("job: a list is built", "fsync", "b.py:1", 1, "EIO", "a part", ()),
        Tried("job: a list is built", "fsync", "b.py:1", 2, "EIO", "not reached", ()),
    ]
    page = written_into(f"before\n{BEGIN}\nold\n{END}\nafter\n", tried, "Tried today.")
    assert "old" not in page
    assert page.startswith("before")
    assert page.endswith("after\n")
    assert "| forms of cases | 2 | 2 | 2 | 1 | 0 | 1 | 1 |" in page
    assert "| job: a list is built | 1 | 1 | 1 | 0 | 1 | 0 | 0 |" in page
    assert "| all | 3 | 3 | 3 | 1 | 1 | 1 | 1 |" in page


def test_a_page_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="substring"):
        written_into("nothing", [], "")
