"""Hold all rows of an app against a check."""

from collections.abc import Callable

from tests.portal.access.row import Row
from tests.portal.access.table import TABLES
from tests.portal.access.walk import Asking, undone


def over_rows(app: str, asking: Asking, check: Callable[[Row, Asking], list[str]]) -> None:
    """Hold each row of `app` against `check`, each in a world as it was."""
    wrong: list[str] = []
    for row in TABLES[app]:
        asking.seated_in(row.seat)
        with undone(asking.world):
            wrong += check(row, asking)
    assert not wrong, "\n" + "\n".join(wrong)
