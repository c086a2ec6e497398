"""Whom a letter addresses is who gets it; each difference stops it with its reason."""

import pytest

from quetsach_portal.letters.actions import drafting
from quetsach_portal.letters.addressing import refuse_unlike_recipients
from quetsach_portal.letters.recipients import recipients_of
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.letters import staged

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (["Ủy ban nhân dân xã Một", "Ủy ban nhân dân xã Hai"], ""),
        (["Chủ tịch Ủy ban nhân dân các xã, thị trấn."], ""),
        (["Ủy ban nhân dân xã Một"], "Ủy ban nhân dân xã Hai"),
        (["Ủy ban nhân dân các xã", "Ủy ban nhân dân xã Chín"], "xã chín"),
        (["Hiệu trưởng các trường học"], "xã Một"),
        ([], "xã Hai"),
    ],
)
def test_each_recipient_is_addressed_and_each_line_reaches_somebody(world, lines, named) -> None:
    letter = staged.draft(world)
    letter.addressees = lines
    nodes = recipients_of(letter)
    if not named:
        refuse_unlike_recipients(letter, nodes)
        return
    with pytest.raises(Refused, match="E429") as refused:
        refuse_unlike_recipients(letter, nodes)
    assert named in refused.value.told


def test_addressees_that_nobody_worded_follow_the_chosen_units(world) -> None:
    letter = staged.draft(world)
    actor = world.user("TC", Role.COMPILER)
    chosen = staged.wording(letter, to_all=False, chosen=[world.nodes["TC02"].pk])
    letter = drafting.change_draft(letter.pk, chosen, revision=letter.revision, actor=actor)
    assert letter.addressees == ["Ủy ban nhân dân xã Hai"]
    other = staged.wording(letter, addressees=["Ủy ban nhân dân xã Một"])
    letter = drafting.change_draft(letter.pk, other, revision=letter.revision, actor=actor)
    with pytest.raises(Refused, match="E429"):
        drafting.send_to_clerk(letter.pk, actor=actor)
