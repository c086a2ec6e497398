"""One answer of the records to one field of a report."""

from dataclasses import dataclass

from quetsach.api.reports import Count, Grade, Words


@dataclass(frozen=True)
class Derived:
    """What the records of a unit answer to one field.

    Shapes: `url` is the page that shows the rows, `why` says what was counted. `organisations` are
    the ids (`node:34`) that the value counts, `sketch` that of its machines, so that adding up
    counts each once; `machines` are what the sketch is made of, and leave the unit nowhere.
    With `is_inside` the rows name machines or addresses: the unit's own workers alone see them.
    """

    value: Count | Words
    url: str = ""
    why: str = ""
    organisations: frozenset[str] = frozenset()
    sketch: bytes | None = None
    machines: frozenset[str] = frozenset()
    is_inside: bool = False

    @property
    def grade(self) -> Grade:
        """How far the value is to be trusted."""
        return self.value.grade or Grade.DECLARED
