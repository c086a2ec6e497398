"""The signed catalogue of tools."""

from datetime import date

import pytest

from quetsach.api import tools, verifying
from quetsach_portal.publishing.tools import actions
from quetsach_portal.publishing.tools import file as tools_file
from tests.portal.publishing.tools.drafts import BYTES, drafted

pytestmark = pytest.mark.django_db


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
