"""A phase's own form: looked over, settled by the first report; a draft loses no answer."""

import pytest

from quetsach.api.reports import form_digest, shipped_form
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import CampaignForm, ReportDraft
from quetsach_portal.reports.phase_forms.changing import (
    DraftAnswers,
    campaign_form_of,
    refitted,
    set_form,
)
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.reports.writing.draft import StaleError
from quetsach_portal.web.acts import Refused
from tests.portal.reports.acting import PEOPLE, fresh, handed_in, numbers, slot_of, written
from tests.portal.reports.own_form import chosen, own_form
from tests.portal.world import World


def test_what_another_form_asks_too_stays_and_the_rest_comes_back_with_the_first() -> None:
    old, new = shipped_form("phu-luc-2022"), own_form()
    held = DraftAnswers(
        own={PEOPLE: {"value": {"count": 7, "grade": "declared"}}},
        typed={"assessment": "tốt", "organisations_deployed": "12a"},
        adjustments={PEOPLE: {"amount": 1, "reason": "sót"}},
    )
    moved = refitted(held, old, new)
    assert (moved.own, moved.adjustments, moved.typed) == (held.own, held.adjustments, {})
    assert moved.aside["assessment"]["typed"] == "tốt"
    assert refitted(moved, new, old) == held


def test_a_draft_goes_on_under_the_new_form_and_a_page_that_was_open_is_told(world: World) -> None:
    slot = written(world, "TC01A")
    before = slot.draft.revision
    assert chosen(world, own_form()) == 1
    draft = ReportDraft.objects.get(slot=slot)
    assert set(draft.own) == {PEOPLE}
    assert "organisations_deployed" in draft.aside
    author = world.user("TC01A", Role.FOCAL_POINT)
    with pytest.raises(StaleError):
        writing_draft.save(slot, numbers(), revision=before, actor=author)
    version = handed_in(slot_of(world, "TC01A"), author)
    assert (version.form.code, version.form.phase) == ("cua-huyen", world.phase)
    assert fresh(version).figures.get(key=PEOPLE).total == 5


def test_a_form_in_use_never_changes(world: World) -> None:
    handed_in(written(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT))
    with pytest.raises(Refused):
        chosen(world, own_form())
    assert campaign_form_of(world.phase).code == "phu-luc-2022"


def test_a_form_chosen_meanwhile_and_back_to_the_campaigns(world: World) -> None:
    owner, phase = world.user("TC", Role.LEAD_OWNER), world.phase
    chosen(world, own_form())
    with pytest.raises(Refused):
        set_form(phase, None, digest_shown=form_digest(shipped_form("phu-luc-2022")), actor=owner)
    chosen(world, None)
    assert not CampaignForm.objects.filter(phase=phase).exists()
