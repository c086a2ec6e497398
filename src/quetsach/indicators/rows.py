"""One row of a list, of whatever form: its number, its text, and what stands where in it."""

from typing import NamedTuple

from quetsach.indicators.model import Rule


class ListRow(NamedTuple):
    """One row that may give an indicator.

    Shapes: `number` counts the lines of the file from 1; `value` is the cell or name taken;
    `rule` is set where the form itself says how its names are met. `of_other_kind` is set where
    the list says that the row is a file name, a command or the like.
    """

    number: int
    text: str
    value: str
    label: str = ""
    port: int | None = None
    valid_from_us: int | None = None
    valid_until_us: int | None = None
    rule: Rule | None = None
    of_other_kind: bool = False
