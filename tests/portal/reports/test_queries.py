"""Which version of a report counted at a moment."""

from django.utils import timezone

from quetsach_portal.reports import deciding
from quetsach_portal.reports.queries import public_version_at
from quetsach_portal.reports.writing import draft as writing_draft
from tests.portal.reports.acting import (
    above,
    accepted,
    handed_in,
    numbers,
    slot_of,
)
from tests.portal.world import World


def test_as_known_on_a_day(world: World) -> None:
    before = timezone.now()
    first = accepted(world, "TC02", numbers(people="5"))
    between = timezone.now()
    slot, author = slot_of(world, "TC02"), first.author

    draft = deciding.begin(
        slot, kind="correction", reason_code="other", reason="đếm lại", actor=author
    )
    writing_draft.save(slot, numbers(people="6"), revision=draft.revision, actor=author)
    second = handed_in(slot_of(world, "TC02"), author)
    waiting = timezone.now()
    deciding.accept(second, actor=above(world, "TC02"))
    assert public_version_at(slot, before) is None
    assert public_version_at(slot, between) == first
    assert public_version_at(slot, waiting) == first
    assert public_version_at(slot, timezone.now()) == second
