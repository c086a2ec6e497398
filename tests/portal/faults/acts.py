"""The acts that are tried: each form of the portal that somebody may send, and each job."""

from collections.abc import Callable, Iterator

from tests.portal.access.row import UNITS, Row
from tests.portal.access.table import TABLES
from tests.portal.access.walk import Asking, Place, address_of, form_of, put_down, who_may
from tests.portal.faults.running import Act


def forms(asking: Asking) -> Iterator[Act]:
    """Yield an act for each form of the access table that opens to somebody."""
    for rows in TABLES.values():
        for row in rows:
            if row.post is not None and row.always is None and who_may(row, "POST") is not None:
                yield Act(row.name, _form(row, asking))


def _form(row: Row, asking: Asking) -> Callable[[], Callable[[], int]]:
    def lay_out() -> Callable[[], int]:
        may = who_may(row, "POST")
        assert may is not None
        role, relation = may
        client = asking.browser(row.seat, role.value)
        code = UNITS[row.seat][relation]
        arguments = {} if row.make is None else dict(row.make(asking.world, code))
        data = row.data(asking.world, code, arguments) if callable(row.data) else row.data
        place = Place(relation, address_of(row, arguments), data)

        def send() -> int:
            answer = put_down(client.post(place.address, form_of(place)))
            return answer.status_code

        return send

    return lay_out
