"""A2, A3, A7: no address takes foreign fields, or changes by being read or for who has no say.

Walks the rows of the access table, as `test_access_matrix.py` does for who may ask.
"""

import pytest
from django.test import Client
from django.utils.timezone import localdate

from quetsach_portal.units.models import OrgUnit
from tests.portal.access.contents import everything, keys, new_values
from tests.portal.access.over import over_rows, sampled
from tests.portal.access.row import Row
from tests.portal.access.table import TABLES
from tests.portal.access.walk import (
    Asking,
    Place,
    form_of,
    places,
    put_down,
    same_browser,
    undone,
    who_may,
)

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

OTHERS = {
    "state": "signed",
    "status": "signed",
    "node": "1",
    "node_id": "1",
    "unit": "1",
    "unit_id": "1",
    "user": "1",
    "user_id": "1",
    "actor": "1",
    "due_at": "2031-05-05T00:00",
    "created_at": "2001-01-01T00:00",
    "is_active": "0",
    "path": "/1/",
    "acting_for": "1",
}
"""What does not belong to a form and somebody may send along (A2)."""


@pytest.mark.asvs("V2.2.2", "V8.2.3", "V15.3.3")
@pytest.mark.parametrize("app", TABLES)
def test_A2_fields_that_do_not_belong_to_a_form_are_ignored(app: str, asking: Asking) -> None:
    over_rows(sampled(TABLES[app]), asking, _swallows_others)


@pytest.mark.asvs("V3.5.3")
@pytest.mark.parametrize("app", TABLES)
def test_A7_nothing_changes_by_GET_or_HEAD(app: str, asking: Asking) -> None:
    over_rows(sampled(TABLES[app]), asking, _changes_by_reading)


@pytest.mark.asvs("V3.5.1")
@pytest.mark.parametrize("app", TABLES)
def test_A7_a_post_from_another_site_is_refused(app: str, asking: Asking) -> None:
    over_rows(sampled(TABLES[app]), asking, _takes_a_post_from_elsewhere)


def _opened(row: Row, asking: Asking, method: str) -> tuple[Client, Place] | None:
    """Return a browser for which `row` opens, and the place where."""
    may = who_may(row, method)
    if may is None:
        return None
    place = next(one for one in places(row, asking.world) if one.relation == may[1])
    return asking.browser(row.seat, may[0].value), place


def _swallows_others(row: Row, asking: Asking) -> list[str]:
    opened = _opened(row, asking, "POST")
    if opened is None:
        return []
    client, place = opened
    known, results = keys(), []
    for others in ({}, OTHERS):
        with undone(), same_browser(client):
            response = client.post(place.address, {**others, **form_of(place)})
            results.append((response.status_code, new_values(known)))
    if results[0] == results[1] or results[1][0] == 400:
        return []
    changed = [label for label, rows in results[0][1].items() if results[1][1][label] != rows]
    return [f"{row.name}: other fields changed {changed}, status {results[1][0]}"]


def _changes_by_reading(row: Row, asking: Asking) -> list[str]:
    opened = _opened(row, asking, "GET") or _opened(row, asking, "POST")
    if opened is None:
        return []
    client, place = opened
    stranger = Client(raise_request_exception=False)
    before = everything()
    with undone():
        for browser in (client, stranger):
            for send in (browser.get, browser.head):
                with same_browser(browser):
                    put_down(send(place.address))
        after = everything()
    changed = [one for one in before if after[one] != before[one] and one not in row.notes]
    return [f"{row.name}: being read changed {changed}"] if changed else []


def _takes_a_post_from_elsewhere(row: Row, asking: Asking) -> list[str]:
    opened = _opened(row, asking, "POST")
    if opened is None or not row.csrf:
        return []
    client, place = opened
    before = everything()
    client.handler.enforce_csrf_checks = True
    with undone(), same_browser(client):
        origin = {"origin": "https://xau.example"}
        response = client.post(place.address, form_of(place), headers=origin)
        changed = everything() != before
    client.handler.enforce_csrf_checks = False
    return [f"{row.name}: {response.status_code}"] if response.status_code != 403 or changed else []


@pytest.mark.parametrize("app", [one for one in TABLES if one != "account"])
def test_A3_a_seat_in_a_unit_that_ended_changes_nothing(app: str, asking: Asking) -> None:
    over_rows(sampled(TABLES[app]), asking, _changes_what_has_ended)


def _changes_what_has_ended(row: Row, asking: Asking) -> list[str]:
    opened = _opened(row, asking, "POST")
    if opened is None or row.public or not row.csrf:
        return []
    client, place = opened
    OrgUnit.objects.filter(pk=asking.world.units[row.seat].pk).update(closed_on=localdate())
    before = everything()
    with undone(), same_browser(client):
        response = client.post(place.address, form_of(place))
        after = everything()
    changed = [one for one in before if after[one] != before[one] and one not in row.notes]
    return [f"{row.name}: {response.status_code}, changed {changed}"] if changed else []
