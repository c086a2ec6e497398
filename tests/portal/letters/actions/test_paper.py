"""Letters on paper: a sheet for each unit, and its handing over."""

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.files.storage import path_of
from quetsach_portal.letters.actions import paper
from quetsach_portal.letters.models import Channel, DispatchState
from quetsach_portal.letters.recipients import DeliveryChannels, OnPaper
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.letters import staged
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db


def test_paper_has_a_sheet_for_each_unit_and_its_handing_over_is_noted(world, client_of) -> None:
    letter = staged.released(
        world, ways=DeliveryChannels(by_mail=False, on_paper=OnPaper.EVERYBODY)
    )
    clerk, user = client_of("TC", Role.CLERK), world.user("TC", Role.CLERK)
    paper.request_sheets(letter.pk, actor=user)
    assert paper.request_sheets(letter.pk, actor=user).key.endswith(":1"), "asked once"
    run_ready()
    letter.refresh_from_db()
    import pypdfium2

    pages = pypdfium2.PdfDocument(path_of(letter.sheets).read_bytes())
    whole = " ".join(page.get_textpage().get_text_range() for page in pages)
    pages.close()
    # The printed address may break anywhere.
    whole = whole.replace("\u200b", "")
    for code in ("TC01", "TC02"):
        receipt = f"/units/{world.nodes[code].pk}/receive/"
        assert sum(word.endswith(receipt) for word in whole.split()) == 1
    assert "Ủy ban nhân dân xã Hai" in whole
    row = letter.dispatches.filter(channel=Channel.PAPER).first()
    assert clerk.get(f"/letters/{letter.pk}/dispatch/{row.pk}/sheet").content.startswith(b"%PDF")
    early = {"on": "2001-01-01"}
    assert clerk.post(f"/letters/{letter.pk}/dispatch/{row.pk}/handed/", early).status_code == 200
    on_time = {"on": timezone.localdate().isoformat(), "remark": "giao tại Văn phòng"}
    clerk.post(f"/letters/{letter.pk}/dispatch/{row.pk}/handed/", on_time)
    row.refresh_from_db()
    assert row.state == DispatchState.DELIVERED
    assert row.handed_on == timezone.localdate()
    with pytest.raises(Refused):
        paper.hand_over(row.pk, on=timezone.localdate(), remark="", actor=user)
    assert CampaignNode.objects.get(pk=row.to_node_id).received_at is None
