"""What waits for a signature: only what can be signed now."""

import pytest

from quetsach_portal.letters.actions import signing
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.worklist.to_sign import waiting_for_signature
from tests.portal.letters import staged

pytestmark = pytest.mark.django_db


def test_a_letter_waits_from_when_it_is_laid_before_its_signer_until_it_is_signed(world) -> None:
    letter = staged.with_clerk(world)
    scope = scope_of(world.user("TC", Role.SIGNER))
    assert waiting_for_signature(scope) == []
    clerk = world.user("TC", Role.CLERK)
    signing.present(letter.pk, staged.SIGNER, actor=clerk)
    assert [task.address for task in waiting_for_signature(scope)] == [
        f"/letters/{letter.pk}/sign/"
    ]
    signing.record_on_paper(letter.pk, staged.timezone.localdate(), actor=clerk)
    assert waiting_for_signature(scope) == []
