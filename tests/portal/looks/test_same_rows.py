"""Lead and auditor of an office see the same rows behind each figure."""

import re
from urllib.parse import urljoin

import pytest

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.cases.models.case import CaseState
from quetsach_portal.people.models.roles import Role
from tests.portal.dashboards.pages.chief_world import cases_of, looked
from tests.portal.followup.acting import told
from tests.portal.looks.same_rows import differing_rows, opened_by_figures, rows_in
from tests.portal.signing_in import signed_in
from tests.portal.world import World
from tests.whole import daily

pytestmark = pytest.mark.django_db

PAGES = (
    "/",
    "/figures/{campaign}/",
    "/figures/{campaign}/ranking/?by=looked",
    "/figures/{campaign}/ranking/?by=verified",
    "/figures/{campaign}/map/?as=table",
    "/figures/{campaign}/coverage/",
    "/figures/{campaign}/week/",
    "/followup/campaigns/{campaign}/ladder/",
    "/followup/campaigns/{campaign}/completeness/",
    "/cases/counts/{node}/",
    "/rechecks/units/{node}/",
)


def test_lead_and_auditor_see_the_same_rows_of_each_opened_figure(world: World) -> None:
    cases_of(world, CaseState.INFECTED, CaseState.HANDLED)
    looked(world)
    told(world, "TC01", "TC02")
    NodeCounter.objects.filter(node=world.nodes["TC01"]).update(cases_open=2)
    lead = signed_in(world.user("TC", Role.LEAD_OWNER))
    auditor = signed_in(world.user("TC", Role.AUDITOR))
    assert world.campaign is not None
    numbers = {"campaign": world.campaign.pk, "node": world.nodes["TC"].pk}
    pages = [page.format(**numbers) for page in PAGES]
    opened = list(pages[1:])
    for page in pages:
        answer = lead.get(page)
        assert answer.status_code == 200, page
        opened += [urljoin(page, link) for link in opened_by_figures(answer.content.decode())]
    by_shape: dict[str, list[str]] = {}
    for address in dict.fromkeys(opened):
        by_shape.setdefault(re.sub(r"\d+", "N", address), []).append(address)
    few = daily(1, whole=50)
    compared = [address for alike in by_shape.values() for address in alike[:few]]
    assert len(by_shape) > 25
    assert differing_rows(lead, auditor, compared) == []
    # What is compared has rows.
    assert len(rows_in(auditor.get(pages[1]).content.decode())) > 5


def test_a_row_that_only_one_sees_is_found() -> None:
    page = "<main><table><tbody><tr><th>{}</th><td>3</td></tr></tbody></table></main>"
    assert rows_in(page.format("Xã <b>Một</b>")) == ["Xã Một3"]
    card = '<main><ul class="figures"><li><b>3</b><a href="/x/">xem</a></li></ul></main>'
    assert opened_by_figures(card) == ["/x/"]
