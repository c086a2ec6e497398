"""Where a letter that went out says otherwise, the letter that corrects it is drafted."""

from quetsach_portal.campaigns.models.corrections import CampaignCorrection
from quetsach_portal.letters.cascade import cited_by
from quetsach_portal.letters.documents import CORRECTION, files_of
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.lifecycle.correcting.asking import plan_for
from tests.portal.letters.staged import released
from tests.portal.lifecycle.correcting.correctable import corrected, date_asked, in_days
from tests.portal.world import World


def drafted(correction: CampaignCorrection) -> Letter:
    return Letter.objects.get(pk=correction.letter_id)


def test_another_date_than_the_released_one_is_told_by_a_letter(world: World) -> None:
    launch = released(world)
    plan = plan_for(world.campaign, "date", date_asked(in_days(20)))
    assert plan.facts["letters"] == [launch.pk]
    assert launch.full_number in "\n".join(plan.effects)
    done = corrected(world, "date", date_asked(in_days(20)), reason="Bão số 9")
    letter = drafted(done)
    assert (letter.template_code, letter.state) == (CORRECTION, LetterState.DRAFT)
    assert letter.values["own"] == f"{launch.full_number} ngày {launch.signed_on:%d/%m/%Y}"
    assert letter.values["reason"] == "Bão số 9"
    text = "\n".join(letter.values["corrections"])
    assert f"{in_days(20):%d/%m/%Y}" in text
    assert f"{in_days(10):%d/%m/%Y}" in text
    assert letter.deadline is None
    assert files_of(letter, cited_by(letter)).pdf.startswith(b"%PDF")
    launch.refresh_from_db()
    assert launch.state == LetterState.RELEASED


def test_a_text_that_no_letter_has_needs_none(world: World) -> None:
    launch = released(world)
    assert corrected(world, "text", {"goal": "Mục đích mới"}).letter_id is None
    title = world.campaign.title
    assert title.casefold() in f"{launch.subject} {launch.values}".casefold()
    done = corrected(world, "text", {"title": "Chiến dịch có tên khác"})
    assert title in "\n".join(drafted(done).values["corrections"])
    Letter.objects.filter(pk=launch.pk).update(state=LetterState.WITHDRAWN)
    again = plan_for(world.campaign, "text", {"title": title})
    assert again.facts["letters"] == []


def test_letters_of_offices_below_are_counted_and_left_to_them(world: World) -> None:
    launch = released(world)
    Letter.objects.filter(pk=launch.pk).update(node=world.nodes["TC01"])
    plan = plan_for(world.campaign, "date", date_asked(in_days(20)))
    assert (plan.facts["letters"], plan.facts["letters_below"]) == ([], 1)
    assert corrected(world, "date", date_asked(in_days(20))).letter_id is None
