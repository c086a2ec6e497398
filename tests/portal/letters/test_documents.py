"""Letters as documents: typed text as it is, templates of the release alone."""

import pytest

from quetsach.signing.printed import spoken_of
from quetsach_portal.campaigns.models.campaign import Campaign
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


def test_a_letter_carries_list_and_form_and_names_them_as_they_are_numbered(world) -> None:
    letter = staged.draft(world)
    Campaign.objects.filter(pk=letter.campaign_id).update(
        release_sha256="5e" * 32,
        release_facts={
            "title": "Đợt 1",
            "count": 3,
            "kinds": {"name": 3},
            "created": "2022-09-10T08:00:00+07:00",
        },
    )
    tasks = [
        "Rà soát địa chỉ độc hại (theo Phụ lục II đính kèm).",
        "Gửi báo cáo (theo Phụ lục đính kèm).",
    ]
    values = {**letter.values, "list": "Phụ lục", "form": "Phụ lục", "tasks": tasks}
    actor = world.user("TC", Role.COMPILER)
    words = staged.wording(letter, values=values)
    drafting.change_draft(letter.pk, words, revision=letter.revision, actor=actor)
    drafting.send_to_clerk(letter.pk, actor=actor)
    printed = text_of(staged.sign(world, letter).pdf)
    body, _, annexes = printed.partition("Nơi nhận")
    assert "địa chỉ độc hại (theo Phụ lục I đính kèm)" in body
    assert "Gửi báo cáo (theo Phụ lục II đính kèm)" in body
    assert "(theo Phụ lục II đính kèm)" in body.rpartition("trước ngày")[2]
    assert "10/09/2022" in annexes
    assert annexes.index("DANH SÁCH ĐỊA CHỈ ĐỘC HẠI") < annexes.index("Phụ lục II")
    assert "  ".join(spoken_of("5e" * 32)).replace("  ", " ") in annexes


def test_a_task_that_names_what_is_not_attached_stops_the_letter_with_its_line(world) -> None:
    letter = staged.draft(world)
    actor = world.user("TC", Role.COMPILER)
    values = {**letter.values, "tasks": ["Làm theo Phụ lục III đính kèm."]}
    words = staged.wording(letter, values=values)
    drafting.change_draft(letter.pk, words, revision=letter.revision, actor=actor)
    with pytest.raises(Refused, match=r"Đoạn 3 .*Phụ lục III.*E428"):
        drafting.send_to_clerk(letter.pk, actor=actor)


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
