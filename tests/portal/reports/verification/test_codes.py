"""The code on paper: read as people type it, and what it stands for."""

import pytest

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.verification.codes import (
    CodeStatus,
    code_in,
    facts_by_code,
    version_facts,
)
from quetsach_portal.reports.writing import draft as writing_draft
from tests.portal.reports.acting import (
    above,
    fresh,
    handed_in,
    numbers,
    slot_of,
    submitted,
)
from tests.portal.world import World


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("5b2f50a84b3fae7c", "5b2f50a84b3fae7c"),
        (" 5B2F 50A8-4B3F AE7C ", "5b2f50a84b3fae7c"),
        ("5b2f50a84b3fae7", None),
        ("5b2f50a84b3fae7g", None),
        ("", None),
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str, code: str | None) -> None:
    assert code_in(typed) == code


def test_a_code_is_handed_in_then_valid_then_replaced(world: World) -> None:
    version = submitted(world, "TC01A")
    assert version_facts(version).standing is CodeStatus.HANDED_IN
    deciding.accept(version, actor=above(world, "TC01A"))
    found = facts_by_code(version.code)
    assert found is not None
    assert (found.is_valid, found.replaced_by) == (True, None)

    author = world.user("TC01A", Role.FOCAL_POINT)
    draft = deciding.begin(
        fresh(version).slot,
        kind="correction",
        reason_code="counted_wrong",
        reason="s",
        actor=author,
    )
    writing_draft.save(draft.slot, numbers(people="7"), revision=draft.revision, actor=author)
    newer = handed_in(slot_of(world, "TC01A"), author)
    assert version_facts(fresh(version)).is_valid, "the correction is not accepted yet"
    deciding.accept(newer, actor=above(world, "TC01A"))
    assert (version_facts(fresh(version)).standing, version_facts(fresh(version)).replaced_by) == (
        "replaced",
        2,
    )
    assert facts_by_code("0" * 16) is None
