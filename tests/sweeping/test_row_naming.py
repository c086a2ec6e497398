"""The indicator and the program that one row of a sighting names."""

import pytest

from quetsach.sweeping.row_naming import JOINED_BY, met_indicator, program_of


@pytest.mark.parametrize("allow", [["cdn", "resolver"], JOINED_BY.join(("cdn", "resolver"))])
def test_an_indicator_is_read_from_a_row_and_from_joined_texts(allow: object) -> None:
    values = ("k", "K", "name", "l.txt", 3, allow, "RED", 50, None, None)
    met = met_indicator(values, str.upper)
    assert (met.label, met.allow, met.claimed.tlp) == ("K", ("cdn", "resolver"), "red")
    assert met_indicator((*values[:5], None, *values[6:]), str).allow == ()


def test_the_program_of_the_other_side_is_not_that_of_the_machine() -> None:
    assert program_of(("inbound", "source", "/bin/x", "x")) == ""
    assert program_of(("outbound", "source", None, "x")) == "x"
