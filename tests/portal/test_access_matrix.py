"""A1: every address × role × relation, held against a table; an address that is not in it fails.

To list a new address, add a `Row` to `tests/portal/access/<app>.py` (a new app: make the file and
name it in `tests/portal/access/table.py`):

    def _case(world: World, code: str) -> Mapping[str, Any]:
        return {"case_id": make_case(world, code).pk}      # makes the object in that unit

    ROWS = (
        Row("cases:index", get=ALL),                       # a page without an object
        Row("cases:show", make=_case, get={"own": "FP TE", "child": "CO"}),
        Row("cases:close", make=_case, get=None, post={"own": "FP TE"}, seen={"child": "CO"},
            data={"outcome": "clean"}),
    )

Roles that `get` or `seen` name at a relation get 403 where they may not act; all others get 404, as
if the object were not there. What the fields mean in full: `tests/portal/access/row.py`.
"""

import pytest

from tests.portal.access.addresses import addresses
from tests.portal.access.over import over_rows
from tests.portal.access.table import TABLES
from tests.portal.access.walk import (
    Asking,
    differences,
)

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

ALL_ROWS = [row for rows in TABLES.values() for row in rows]


@pytest.mark.asvs("V8.1.1")
def test_A1_every_address_is_listed() -> None:
    listed = {row.name for row in ALL_ROWS}
    missing = [name for name in addresses() if name not in listed]
    assert not missing, (
        f"addresses without a row in the access table: {missing}. Add them to "
        f"tests/portal/access/<app>.py: {__file__} shows how."
    )


def test_A1_the_table_lists_no_address_twice_and_none_that_is_gone() -> None:
    names = [row.name for row in ALL_ROWS]
    assert len(names) == len(set(names))
    assert set(names) <= set(addresses())


@pytest.mark.asvs("V8.2.1", "V8.2.2", "V8.3.1", "V8.4.1")
@pytest.mark.parametrize("app", TABLES)
def test_A1_every_address_role_and_relation_is_as_the_table_says(app: str, asking: Asking) -> None:
    over_rows(TABLES[app], asking, differences)
