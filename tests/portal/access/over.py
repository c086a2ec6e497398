"""Hold the rows of an app against a check: all of them, or every tenth."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from tests.portal.access.row import Row
from tests.portal.access.walk import Asking, undone
from tests.whole import WHOLE

One = TypeVar("One")


def sampled(rows: Sequence[One]) -> Sequence[One]:
    """Return every tenth of `rows`, in a whole walk all of them."""
    return rows if WHOLE else rows[::10]


def over_rows(
    rows: Sequence[Row], asking: Asking, check: Callable[[Row, Asking], list[str]]
) -> None:
    """Hold each of `rows` against `check`, each in a world as it was."""
    wrong: list[str] = []
    for row in rows:
        asking.seated_in(row.seat)
        with undone(asking.world):
            wrong += check(row, asking)
    assert not wrong, "\n" + "\n".join(wrong)
