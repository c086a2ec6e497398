"""Everything a page can read, a program can read: page by page, and never more than the page."""

from collections.abc import Iterator
from copy import copy
from typing import Any
from zlib import crc32

import pytest
from django.db import transaction

from quetsach_portal.api.interface import interface
from quetsach_portal.people.models.roles import Role
from tests.portal.access.row import ROLES, UNITS, Row, granted
from tests.portal.access.table import TABLES
from tests.portal.api.asking import ask, token_of
from tests.portal.api.pages import NOWHERE, SAME
from tests.portal.world import World
from tests.whole import WHOLE

PAGES = {row.name: row for app, rows in TABLES.items() for row in rows if row.get is not None}


def test_each_page_has_an_address_for_programs_or_a_reason_why_none() -> None:
    pages = {name for name in PAGES if not name.startswith("interface:")}
    without = [name for names in NOWHERE.values() for name in names.split()]
    assert len(without) == len(set(without))
    assert not set(without) & set(SAME)
    missing = pages - set(without) - set(SAME)
    assert not missing, (
        f"pages that no program can read: {sorted(missing)}. Give each an address in "
        f"quetsach_portal/api/by_app, and name it in tests/portal/api/pages.py."
    )
    assert set(SAME) | set(without) <= pages, "pages that are gone"


def test_the_addresses_named_are_those_of_the_description() -> None:
    told = interface.get_openapi_schema(path_prefix="")["paths"]
    reads = {path for path, ways in told.items() if "get" in ways}
    named = {path for paths in SAME.values() for path in paths.split()}
    assert named <= reads


@pytest.mark.asvs("V8.3.3")
@pytest.mark.django_db
def test_A1_a_program_reads_what_the_page_tells_its_maker_and_never_more(world: World) -> None:
    for role in ROLES:
        for seat in UNITS:
            world.user(seat, role)
    before, wrong = copy(world), []
    before.users, before.nodes = dict(world.users), dict(world.nodes)
    for page, paths in SAME.items():
        for relation in _relations(PAGES[page]):
            with transaction.atomic():
                wrong += list(_differences(world, PAGES[page], paths.split(), relation))
                transaction.set_rollback(True)
            world.users, world.nodes = dict(before.users), dict(before.nodes)
            world.campaign, world.phase = before.campaign, before.phase
    assert not wrong, "\n".join(wrong)


def _relations(row: Row) -> list[str]:
    """Return how the object is to lie to who asks: one relation a day, all in `check-whole`."""
    if row.make is None:
        return ["own"]
    all_of = list(UNITS[row.seat])
    return all_of if WHOLE else [all_of[crc32(row.name.encode()) % len(all_of)]]


def _differences(world: World, row: Row, paths: list[str], relation: str) -> Iterator[str]:
    numbers = {} if row.make is None else dict(row.make(world, UNITS[row.seat][relation]))
    if "node_id" not in numbers and "campaign_id" in numbers:
        # The page shows the highest unit of whoever asks.
        unit = world.units[row.seat]
        node = unit.nodes.filter(campaign=numbers["campaign_id"]).first()
        numbers |= {} if node is None else {"node_id": node.pk}
    for place, path in enumerate(paths):
        if not set(_names(path)) <= set(numbers):
            continue
        for role in _roles(row, relation):
            answer = ask(world, row.seat, role, path.format(**numbers))
            opens = granted(row.get, role, relation)
            somewhere = any(granted(one.get, role, relation) for one in _telling(path))
            if (_tells(answer) and not somewhere) or (
                place == 0 and opens and answer.status_code != 200
            ):
                yield f"{row.name} {path} {role.value} {relation}: {answer.status_code}"


def _tells(answer: Any) -> bool:
    """Return whether an answer tells something: a list of what is one's own may be empty."""
    if answer.streaming:
        # Which closes the file.
        return bool(list(answer.streaming_content))
    told = answer.json() if answer.headers["Content-Type"].startswith("application/json") else {}
    rows = told.get("rows", True) if isinstance(told, dict) else True
    return answer.status_code == 200 and rows != []


def _telling(path: str) -> list[Row]:
    """Return the pages that show what `path` tells."""
    return [PAGES[page] for page, paths in SAME.items() if path in paths.split()]


def _names(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _roles(row: Row, relation: str) -> list[Role]:
    """Return one role to whom the page opens and one to whom it does not; all in `check-whole`."""
    if WHOLE:
        return list(ROLES)
    opens = [role for role in ROLES if granted(row.get, role, relation)]
    shut = [role for role in ROLES if role not in opens]
    return [some[crc32(row.name.encode()) % len(some)] for some in (opens, shut) if some]


@pytest.mark.django_db
def test_a_sign_that_no_database_takes_is_answered_as_the_description_says(client, world) -> None:
    _token, text = token_of(world)
    answer = client.get("/api/v1/units?after=%00", headers={"Authorization": f"Bearer {text}"})
    assert (answer.status_code, list(answer.json())) == (400, ["detail"])
    told = client.get("/api/v1/openapi.json").json()
    assert "400" in told["paths"]["/api/v1/units"]["get"]["responses"]


@pytest.mark.django_db
def test_the_description_is_openapi_3_1(client) -> None:
    told = client.get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    for path, ways in told["paths"].items():
        for way, one in ways.items():
            assert one.get("security"), f"{way} {path} has no guard"
            assert one.get("summary"), f"{way} {path} says not what it is"
