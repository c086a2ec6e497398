"""The form and the pages of the catalogue."""

import pytest

from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.models import PublicTool, ToolState
from quetsach_portal.publishing.tools.views import ToolForm
from tests.portal.access.publishing import TOOL_FORM
from tests.portal.publishing.tools.drafts import drafted

pytestmark = pytest.mark.django_db


def test_the_form_says_what_is_wrong(shown, client_of) -> None:
    desk = client_of("TC", Role.LEAD_ANALYST)
    address = f"/public-page/campaigns/{shown.campaign.pk}/tools/new/"
    for wrong in ({"sha256": "abc"}, {"address": "https://bit.ly/x"}, {"free": ""}, {"name": ""}):
        assert (
            'class="error-summary"' in desk.post(address, {**TOOL_FORM, **wrong}).content.decode()
        )
    assert desk.post(address, {**TOOL_FORM, "sha256": "AB " * 32}).status_code == 302
    assert PublicTool.objects.get().sha256 == "ab" * 32


def test_an_owner_publishes_by_the_page_what_another_wrote(shown, analyst, client_of) -> None:
    tool = drafted(shown, analyst)
    chief = client_of("TC", Role.LEAD_OWNER)
    page = chief.get(f"/public-page/tools/{tool.pk}/publish/").content.decode()
    assert tool.sha256 in page
    chief.post(f"/public-page/tools/{tool.pk}/publish/")
    tool.refresh_from_db()
    assert tool.state == ToolState.PUBLISHED
    more = chief.get(f"/public-page/campaigns/{shown.campaign.pk}/tools/new/?of={tool.pk}")
    assert "Hãng Sen" in more.content.decode()


def test_the_catalogue_never_names_an_apk_file_for_android() -> None:
    form = ToolForm({**TOOL_FORM, "file": "tre-1.0.APK", "platforms": ["android"]})
    assert not form.is_valid()
    assert list(form.errors) == ["file"]
