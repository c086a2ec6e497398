"""A campaign's report form: a shipped one, blocks of it, or the office's own."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quetsach.api import letters
from quetsach.api.reports import shipped_form
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.campaigns.report_form import OWN, brought, chosen
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.phase_forms.changing import form_of, keep_form
from quetsach_portal.web.acts import Refused
from tests.portal.world import World

EXTENDED = "phu-luc-mo-rong"
OWN_FORM = b"""
code = "kiem-tra-may"
version = "2026-01"
kind = "B\xc3\x81O C\xc3\x81O"
kind_code = "BC"
closing = "./."
signer_post = "TH\xe1\xbb\xa6 TR\xc6\xaf\xe1\xbb\x9eNG"
recipients = ["VT"]
title = { vi = "Ki\xe1\xbb\x83m tra m\xc3\xa1y", en = "Check of machines" }

[[sections]]
number = "1"
title = { vi = "S\xe1\xbb\x91 li\xe1\xbb\x87u", en = "Figures" }
[sections.table]
columns = [
  { vi = "TT", en = "No." }, { vi = "N", en = "C" }, { vi = "S", en = "Q" }, { vi = "G", en = "R" },
]
[[sections.table.rows]]
id = "machines"
unit = "machines"
label = { vi = "M\xc3\xa1y", en = "Machines" }
"""


def test_all_blocks_are_the_shipped_form_itself() -> None:
    every = [one.id for one in shipped_form(EXTENDED).blocks()]
    assert chosen(EXTENDED, every).definition == ""
    assert chosen("phu-luc-2022").definition == ""
    for wrong in ("x", "../phu-luc-2022", OWN):
        with pytest.raises(Refused):
            chosen(wrong)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff", b"code = 1", b"[" * 300_000, OWN_FORM + b"more = 1\n"]
)
def test_a_form_that_is_none_is_refused_with_words(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        brought(data, "mau.toml")
    assert "E402" in str(caught.value)


def test_an_own_form_does_not_pose_as_a_shipped_one() -> None:
    with pytest.raises(Refused):
        brought(OWN_FORM.replace(b"kiem-tra-may", b"phu-luc-2022"), "mau.toml")


@pytest.fixture
def page(world: World, client_of: Callable[[str, Role], Client]) -> tuple[Client, str, Campaign]:
    campaign = world.campaign
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.DRAFT)
    return client_of("TC", Role.LEAD_OWNER), f"/campaigns/{campaign.pk}/setup/appendix/", campaign


def test_blocks_are_ticked_and_asked_alone(page: tuple[Client, str, Campaign]) -> None:
    client, path, campaign = page
    sent = {"form_code": EXTENDED, "blocks": [f"{EXTENDED}:reach", f"{EXTENDED}:words"]}
    assert client.post(path, sent).status_code == 302
    campaign.refresh_from_db()
    form = form_of(keep_form(campaign))
    assert [one.id for one in form.blocks()] == ["words", "reach"]
    shown = client.get(path).content.decode()
    assert shown.count(" checked") == 2
    annex = letters.form_annex(campaign.form_code, campaign.form_definition)
    assert annex.title == shipped_form(EXTENDED).title.vi


def test_a_form_of_the_office_needs_no_code(page: tuple[Client, str, Campaign]) -> None:
    client, path, campaign = page
    assert client.post(path, {"form_code": OWN}).status_code == 200
    file = SimpleUploadedFile("mau.toml", OWN_FORM)
    assert client.post(path, {"form_code": OWN, "own": file}).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.form_code, campaign.form_version) == ("kiem-tra-may", "2026-01")
    assert form_of(keep_form(campaign)).ids() == ("machines",)
    assert "Kiểm tra máy" in client.get(f"/campaigns/{campaign.pk}/setup/").content.decode()
    assert client.post(path, {"form_code": "phu-luc-2022"}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.form_definition == ""
