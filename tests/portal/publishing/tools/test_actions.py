"""Two people put a tool into the catalogue; what is published is signed and can be verified."""

import hashlib
from datetime import date
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from quetsach.api import tools, verifying
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.publishing.models.page import PublicTool, ToolState
from quetsach_portal.publishing.tools import actions
from quetsach_portal.publishing.tools import file as tools_file
from quetsach_portal.publishing.tools.queries import flaw_of
from quetsach_portal.publishing.tools.views import ToolForm
from quetsach_portal.publishing.writing import WRITE, WRITERS, write_folder
from quetsach_portal.web.acts import Refused
from quetsach_public.pages.tools import read_tools
from tests.portal import working
from tests.portal.access.publishing import TOOL, TOOL_FORM

pytestmark = pytest.mark.django_db

BYTES = b"MZ sen"


@pytest.fixture
def analyst(world):
    return world.user("TC", Role.LEAD_ANALYST)


def run_ready() -> None:
    """Run what is ready; of the public folder one part alone is written."""
    only = [one for one in WRITERS if one.write is tools_file.write_tools_file]
    working.run_ready(handlers={WRITE: partial(write_folder, writers=only)})


def drafted(world, actor, replaces=None, content: bytes = BYTES, **other) -> PublicTool:
    said = {**TOOL, "sha256": hashlib.sha256(content).hexdigest(), **other}
    return actions.draft(world.campaign, said, replaces=replaces, actor=actor)


def test_what_two_people_published_is_verified_by_verify_tool(
    shown, analyst, owner, folder, tmp_path
) -> None:
    actions.publish(drafted(shown, analyst), actor=owner)
    run_ready()
    file = tmp_path / "sen-setup.exe"
    file.write_bytes(BYTES)
    found = tools.verify_tool(file, folder / "tools.json", keys=[folder / "tools.pub.pem"])
    assert found.exit_code == 0
    assert found.found.tool.purpose == {"vi": "Quét máy tính", "en": "Scans computers"}
    (one,) = read_tools(folder / "tools.json")
    assert one.name == "Máy quét Sen"
    file.write_bytes(BYTES + b"!")
    assert tools.verify_tool(file, folder / "tools.json", keys=[]).exit_code == 2


def test_the_same_tools_are_not_signed_anew(shown, analyst, owner, folder) -> None:
    actions.publish(drafted(shown, analyst), actor=owner)
    tools_file.write_tools_file(folder)
    before = (folder / "tools.json.sig").stat().st_mtime_ns
    tools_file.write_tools_file(folder)
    assert (folder / "tools.json.sig").stat().st_mtime_ns == before
    (folder / "tools.json").write_bytes(b"{}")
    tools_file.write_tools_file(folder)
    keys = [folder / "tools.pub.pem"]
    assert verifying.verify(folder / "tools.json", keys=keys).verdict.state == "trusted"


def test_nobody_publishes_what_they_wrote(shown, owner) -> None:
    tool = drafted(shown, owner)
    with pytest.raises(Refused):
        actions.publish(tool, actor=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicTool.objects.filter(pk=tool.pk).update(published_by=owner)


def test_two_accounts_of_one_hand_publish_nothing(shown, owner, analyst) -> None:
    Assignment.objects.filter(user=analyst).update(given_by=owner)
    with pytest.raises(Refused):
        actions.publish(drafted(shown, analyst), actor=owner)


def test_a_new_version_takes_the_place_of_the_old_one_which_is_kept(
    shown, analyst, owner, folder
) -> None:
    first = drafted(shown, analyst)
    actions.publish(first, actor=owner)
    second = drafted(shown, analyst, replaces=first, content=b"MZ 5", version="5.0")
    actions.publish(second, actor=owner)
    first.refresh_from_db()
    assert first.state == ToolState.REPLACED
    tools_file.write_tools_file(folder)
    assert [one.version for one in read_tools(folder / "tools.json")] == ["5.0"]
    actions.withdraw(second, reason="nhầm tệp", actor=owner)
    tools_file.write_tools_file(folder)
    assert read_tools(folder / "tools.json") == ()


def test_a_withdrawn_file_is_named_in_each_later_catalogue(
    shown, analyst, owner, folder, tmp_path
) -> None:
    tool = drafted(shown, analyst)
    actions.publish(tool, actor=owner)
    tools_file.write_tools_file(folder)
    first = tools.read_catalogue((folder / "tools.json").read_bytes(), "x")
    actions.withdraw(tool, reason="nhầm tệp", actor=owner)
    tools_file.write_tools_file(folder)
    later = tools.read_catalogue((folder / "tools.json").read_bytes(), "x")
    assert (first.serial, later.serial) == (1, 2)
    assert (first.withdrawn, later.withdrawn) == ((), (tool.sha256,))
    assert first.made_at <= later.made_at
    file = tmp_path / "sen-setup.exe"
    file.write_bytes(BYTES)
    found = tools.verify_tool(file, folder / "tools.json", keys=[folder / "tools.pub.pem"])
    assert (found.exit_code, found.found.is_withdrawn) == (2, True)
    actions.publish(drafted(shown, analyst), actor=owner)
    tools_file.write_tools_file(folder)
    again = tools.read_catalogue((folder / "tools.json").read_bytes(), "x")
    assert (again.serial, again.withdrawn) == (3, ())


def test_a_catalogue_is_signed_anew_each_week_and_holds_three_weeks_and_more(
    shown, analyst, owner, folder, monkeypatch
) -> None:
    actions.publish(drafted(shown, analyst), actor=owner)
    ends = []
    for day in (date(2022, 9, 19), date(2022, 9, 25), date(2022, 9, 26)):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda day=day: day)
        tools_file.write_tools_file(folder)
        ends.append(
            tools.read_catalogue((folder / "tools.json").read_bytes(), "x").valid_until[:10]
        )
    assert ends == ["2022-10-19", "2022-10-19", "2022-10-26"]


def test_one_file_stands_in_the_catalogue_once(shown, analyst) -> None:
    drafted(shown, analyst)
    with pytest.raises(Refused):
        drafted(shown, analyst)


@pytest.mark.parametrize(
    "address",
    [
        "http://sen.example/tai-ve",
        "https://bit.ly/3abc",
        "https://www.bit.ly/3abc",
        "https://drive.google.com/file/d/1",
        "https://zalo.me/g/abc",
        "https://192.0.2.1/sen.exe",
        "https://[2001:db8::1]/",
        "https://sen.example:8443/",
        "https://sen@evil.example/",
        "https://sẹn.example/",
        "https://xn--sn-0ja.example/",
        "https://sen",
        "javascript:alert(1)",
        "https://sen.example/ a",
        "https://[",
        "https://@sen.example/",
        "https://bom.so/AbC",
        "https://s.net.vn/x",
        "https://rutgon.me/x",
        "https://goo.su/x",
        "https://zaloapp.com/x",
        "https://sites.google.com/view/x",
        "https://storage.googleapis.com/b/x.exe",
        "https://s3.amazonaws.com/b/x.exe",
        "https://b.s3.ap-southeast-1.amazonaws.com/x.exe",
        "https://sen.github.io/",
        "https://objects.githubusercontent.com/x",
        "https://sen.blogspot.com/",
        "https://sen.pages.dev/",
        "https://sen.web.app/",
        "https://www.google.com/url?q=https://evil.example",
        "https://sen.example/go?to=https%3A%2F%2Fevil.example",
        "https://sen.example/go?to=//evil.example",
        "https://sen.example/go?//evil.example",
        "https://gov.vn/",
        "https://hanoi.vn/",
        "https://sen.duckdns.org/",
        "https://sen.surge.sh/",
    ],
)
def test_an_address_that_hides_where_it_leads_is_refused(address: str) -> None:
    assert flaw_of(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://sen.example/tai-ve",
        "https://www.sen.example:443/",
        "https://github.com/sen/scan/releases?lang=vi",
    ],
)
def test_the_makers_own_page_is_taken(address: str) -> None:
    assert flaw_of(address) == ""


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
