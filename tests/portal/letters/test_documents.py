"""Letters as documents: typed text as it is, templates of the release alone."""

import pytest

from quetsach_portal.letters.actions import drafting, numbering
from quetsach_portal.letters.documents import LAUNCH, templates
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.letters import staged
from tests.portal.letters.staged import text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% for x in y %}", "#{1+1}", "{campaign}", "**x**"])
def test_D1_what_is_typed_is_printed_as_it_is(world, text) -> None:
    letter = staged.draft(world)
    words = staged.wording(
        letter, subject=f"thử {text} hết", values={**letter.values, "tasks": [f"Làm {text} ngay"]}
    )
    actor = world.user("TC", Role.COMPILER)
    drafting.change_draft(letter.pk, words, revision=letter.revision, actor=actor)
    drafting.send_to_clerk(letter.pk, actor=actor)
    staged.sign(world, letter)
    made = numbering.give_number(
        letter.pk, staged.signing(), repeat_is_meant=False, actor=world.user("TC", Role.CLERK)
    )
    printed = text_of(made.pdf)
    assert f"Làm {text} ngay" in printed


def test_D2_templates_come_with_the_release_alone(world) -> None:
    actor = world.user("TC", Role.COMPILER)
    codes = {one.code for one in templates()}
    assert LAUNCH in codes
    for code in ("../letters/trien-khai-chien-dich", "khac", ""):
        with pytest.raises(Refused):
            drafting.create_draft(
                world.nodes["TC"],
                based_on=staged.outside(world, number=9) if code == "khac" else None,
                template_code=code,
                actor=actor,
            )
