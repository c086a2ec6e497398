"""Letters stand on the desk of the clerk and of who signs them."""

import pytest

from quetsach_portal.letters.actions import signing
from quetsach_portal.letters.models import Letter, SigningWay
from quetsach_portal.people.models.roles import Role
from tests.portal.letters import staged
from tests.portal.worklist.pages import SignIn, page
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_clerk_sees_the_letters_on_the_desk_and_a_signer_those_to_sign(
    world: World, client_of: SignIn
) -> None:
    basis = staged.outside(world, "TC01")
    waiting = staged.with_clerk(world, "TC01", basis)
    numbered = staged.numbered(world, "TC01", basis)
    elsewhere = staged.with_clerk(world, "TC", staged.outside(world, "TC"))
    clerk = page(client_of("TC01", Role.CLERK))
    assert f'<a href="/letters/{waiting.pk}/">' in clerk
    assert f'<a href="/letters/{numbered.pk}/">' in clerk
    assert f"/letters/{elsewhere.pk}/" not in clerk
    signer = page(client_of("TC01", Role.SIGNER))
    assert f"/letters/{numbered.pk}/" not in signer, "it is signed already"
    assert f"/letters/{waiting.pk}/" not in signer, "it is not laid before the signer yet"
    acting = world.user("TC01", Role.CLERK)
    signing.present(waiting.pk, staged.SIGNER, actor=acting)
    assert f'<a href="/letters/{waiting.pk}/sign/">' in page(client_of("TC01", Role.SIGNER))
    clerks_page = page(client_of("TC01", Role.CLERK))
    assert "Chờ ký; ký xong mới cấp số" in clerks_page


def test_a_letter_on_paper_waits_for_its_signer_before_it_waits_for_a_number(
    world: World, client_of: SignIn
) -> None:
    waiting = staged.with_clerk(world, "TC01", staged.outside(world, "TC01"))
    assert waiting.way == SigningWay.PAPER
    clerk = page(client_of("TC01", Role.CLERK))
    assert "Chờ nhập người ký để trình ký" in clerk
    assert "Chờ cấp số" not in clerk
    Letter.objects.filter(pk=waiting.pk).update(way=SigningWay.NUMBER_FIRST)
    assert "Chờ cấp số" in page(client_of("TC01", Role.CLERK))
