"""A list may be public when one person proposes it and another owner agrees, and no other list."""

import json

import pytest
from django.urls import reverse

from quetsach.indicators.model import Tlp
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.public_page import PublicPage, page_campaign
from quetsach_portal.publishing import actions
from quetsach_portal.publishing.forms import PageForm
from quetsach_portal.publishing.lists.open_list import OPEN_LIST_FILE, write_open_list
from quetsach_portal.publishing.models import ChangeState, PageChange
from quetsach_portal.publishing.queries import initial_content, waiting_change
from quetsach_portal.web.acts import Refused
from tests.portal.access.publishing import FORM
from tests.portal.publishing.lists.test_open_list import release_of

pytestmark = pytest.mark.django_db
DIGEST, OTHER = "ab" * 32, "cd" * 32


@pytest.fixture
def listed(shown):
    """The world, whose campaign has a list of four names in force, each marked otherwise."""
    release_of(shown, open=Tlp.CLEAR, plain=None, green=Tlp.GREEN, red=Tlp.RED)
    shown.campaign.release_sha256 = DIGEST
    shown.campaign.save()
    return shown


def names_in(folder) -> list[str]:
    write_open_list(folder)
    return sorted(json.loads((folder / OPEN_LIST_FILE).read_bytes())["names"])


def test_two_people_open_what_is_unmarked_and_nothing_that_is_marked_stricter(
    listed, owner, second, folder
) -> None:
    assert names_in(folder) == ["open.example"]
    actions.propose_open_list(listed.campaign, actor=owner)
    assert names_in(folder) == ["open.example"], "a proposal opens nothing"
    change = PageChange.objects.get(state=ChangeState.WAITING)
    with pytest.raises(Refused):
        actions.agree(change, actor=owner)
    assert waiting_change(listed.campaign).rows[0][2] == DIGEST
    actions.agree(change, actor=second)
    assert names_in(folder) == ["open.example", "plain.example"]
    with pytest.raises(Refused):
        actions.propose_open_list(listed.campaign, actor=owner)


def test_another_list_in_force_is_not_public_until_it_is_declared_itself(
    listed, owner, second, folder
) -> None:
    actions.propose_open_list(listed.campaign, actor=owner)
    change = PageChange.objects.get(state=ChangeState.WAITING)
    Campaign.objects.update(release_sha256=OTHER)
    with pytest.raises(Refused):
        actions.agree(change, actor=second)
    Campaign.objects.update(release_sha256=DIGEST)
    actions.agree(change, actor=second)
    Campaign.objects.update(release_sha256=OTHER)
    assert names_in(folder) == ["open.example"]


def test_one_person_takes_it_back(listed, owner, folder) -> None:
    with pytest.raises(Refused):
        actions.end_open_list(listed.campaign, actor=owner)
    PublicPage.objects.update(open_release=DIGEST)
    assert "plain.example" in names_in(folder)
    actions.end_open_list(listed.campaign, actor=owner)
    assert names_in(folder) == ["open.example"]


def test_no_list_and_a_waiting_change_are_refused(shown, owner) -> None:
    with pytest.raises(Refused):
        actions.propose_open_list(shown.campaign, actor=owner)
    Campaign.objects.update(release_sha256=DIGEST)
    actions.propose_open_list(shown.campaign, actor=owner)
    with pytest.raises(Refused):
        actions.propose_open_list(shown.campaign, actor=owner)


def test_the_page_of_the_desk_offers_it_and_says_who_has_to_agree(client, listed, owner) -> None:
    client.force_login(owner)
    page = client.get(reverse("publishing:index", args=[listed.campaign.pk])).content.decode()
    assert reverse("publishing:open_list", args=[listed.campaign.pk]) in page
    assert DIGEST[:16] in page


def test_carriers_are_named_with_their_answer_pages_and_wait_for_a_second_owner(
    shown, owner, second
) -> None:
    lines = "Nhà mạng Sen, https://sen.example/quetsach\n\nTre, chi nhánh 2, https://tre.example/a"
    form = PageForm({**FORM, "carriers": lines})
    assert form.is_valid(), form.errors
    rows = [
        ["Nhà mạng Sen", "https://sen.example/quetsach"],
        ["Tre, chi nhánh 2", "https://tre.example/a"],
    ]
    assert form.page_fields()["carriers"] == rows
    actions.save_page(shown.campaign, form.page_fields(), actor=owner)
    assert PublicPage.objects.get().carriers == []
    actions.agree(PageChange.objects.get(state=ChangeState.WAITING), actor=second)
    page = PublicPage.objects.get()
    assert page_campaign(page).carriers == tuple(map(tuple, rows))
    assert initial_content(page.campaign)["carriers"].splitlines()[1] == (
        "Tre, chi nhánh 2, https://tre.example/a"
    )


@pytest.mark.parametrize(
    "line",
    [
        "https://sen.example",
        "Sen, http://sen.example",
        "Sen, https://sen.example/?a=1",
        "Sen, https://bit.ly/x",
        "Sen",
    ],
)
def test_a_line_without_name_or_with_another_address_is_refused(db, line: str) -> None:
    form = PageForm({**FORM, "carriers": line})
    assert not form.is_valid()
    assert "carriers" in form.errors
