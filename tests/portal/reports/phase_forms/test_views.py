"""The page on which the lead office chooses a form: its effect is shown before it applies."""

from quetsach.api.reports import form_digest, form_json, shipped_form
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import CampaignForm
from quetsach_portal.reports.phase_forms.changing import (
    campaign_form_of,
    form_in_use,
)
from tests.portal.reports.acting import written
from tests.portal.reports.own_form import chosen, own_form
from tests.portal.signing_in import signed_in
from tests.portal.world import World


def test_the_page_shows_what_changes_before_it_holds(world: World) -> None:
    written(world, "TC01A")
    client, phase = signed_in(world.user("TC", Role.LEAD_OWNER)), world.phase
    at = f"/reports/forms/{world.campaign.pk}/{phase.pk}/"
    looked = client.post(at, {"form_code": "su-co"})
    assert "Đơn vị đã bắt đầu viết" in looked.content.decode()
    assert not CampaignForm.objects.filter(phase=phase).exists()
    chosen(world, own_form())
    again = f"kept:{form_digest(own_form())}"
    assert "Mẫu của huyện" in client.post(at, {"form_code": again}).content.decode()
    chosen(world, None)
    seen, whole = form_digest(form_in_use(phase)), form_json(shipped_form("su-co")).decode()
    forged = whole.replace("machines", "people", 1)
    for definition, stands in ((forged, "phu-luc-2022"), (whole, "su-co")):
        sent = {"definition": definition, "seen": seen, "is_sure": "on"}
        assert client.post(f"{at}confirm", sent).status_code == 302
        assert campaign_form_of(phase).code == stands
