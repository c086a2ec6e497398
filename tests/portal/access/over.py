"""Hold the rows of an app against a check: all of them, or one of twenty."""

from collections.abc import Callable, Sequence

from tests.portal.access.row import Row
from tests.portal.access.walk import Asking, undone
from tests.whole import WHOLE, todays_share


def sampled(rows: Sequence[Row]) -> Sequence[Row]:
    """Return every tenth of `rows`, half of these each day; in a whole walk all of them."""
    return rows if WHOLE else [row for row in rows[::10] if todays_share([row.name], days=2)]


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
