"""A row of the columns has its place in the evidence."""

from quetsach.findings.met_indicator import MentionedLine
from tests.findings.rows import RowsInColumns, row


def test_a_row_has_the_place_of_its_line() -> None:
    place = MentionedLine("a.log", 7, "the line", "text")
    batch = RowsInColumns().batch([row("1"), row("2", place=place)])
    assert batch.place_of(1) == place
