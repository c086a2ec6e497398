"""Two people put a tool into the catalogue; what is published is signed and can be verified."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction

from quetsach.api import tools
from quetsach_portal.people.models.roles import Assignment
from quetsach_portal.publishing.models import PublicTool, ToolState
from quetsach_portal.publishing.tools import actions
from quetsach_portal.publishing.tools import file as tools_file
from quetsach_portal.publishing.writing import WRITE, WRITERS, write_folder
from quetsach_portal.web.acts import Refused
from quetsach_public.pages.tools import read_tools
from tests.portal import working
from tests.portal.publishing.tools.drafts import BYTES, drafted

pytestmark = pytest.mark.django_db


def run_ready() -> None:
    """Run what is ready; of the public folder one part alone is written."""
    only = [one for one in WRITERS if one.write is tools_file.write_tools_file]
    working.run_ready(handlers={WRITE: partial(write_folder, writers=only)})


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


def test_one_file_stands_in_the_catalogue_once(shown, analyst) -> None:
    drafted(shown, analyst)
    with pytest.raises(Refused):
        drafted(shown, analyst)
