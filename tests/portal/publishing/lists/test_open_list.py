"""The public part of the campaign's list, on disk as the plane serves it."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach.api import lists
from quetsach.indicators.model import Claim, Indicator, IndicatorKind, MatchRule, Tlp
from quetsach.indicators.releases.lines import ReleaseEntry
from quetsach.indicators.releases.release import Release, release_bytes
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FilePurpose
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.folder import CannotWrite
from quetsach_portal.publishing.lists import open_list
from quetsach_portal.publishing.lists.open_list import OPEN_LIST_FILE, write_open_list
from quetsach_public.matching import read_open_list

pytestmark = pytest.mark.django_db


def release_of(world, **marked: Tlp | None) -> None:
    """Give the campaign a release of names, each with its mark."""
    entries = tuple(
        ReleaseEntry(
            Indicator(
                f"{one}.example", f"{one}.example", IndicatorKind.NAME, MatchRule.BELOW, None, claim
            )
        )
        for one, tlp in sorted(marked.items())
        for claim in [Claim(tlp=tlp, family="Mirai")]
    )
    raw = release_bytes(Release("2022-09-12T08:00:00+07:00", entries, title="Đợt 1"))
    world.campaign.release_file = store_upload(
        SimpleUploadedFile("release.jsonl", raw),
        purpose=FilePurpose.RELEASE,
        owner_path=world.units["TC"].path,
        actor=world.user("TC", Role.LEAD_OWNER),
    )
    world.campaign.save()


def test_only_what_is_marked_clear_goes_out(shown, folder) -> None:
    release_of(shown, bad=Tlp.CLEAR, shy=None, green=Tlp.GREEN)
    assert write_open_list(folder).startswith("1 được công khai; không đưa ra: 2 ")
    content = json.loads((folder / OPEN_LIST_FILE).read_bytes())
    assert (content["names"], content["title"]) == ({"bad.example": 1}, "Đợt 1")
    assert read_open_list(folder / OPEN_LIST_FILE).address.startswith("/danh-sach-mo/")
    before = (folder / OPEN_LIST_FILE).stat().st_mtime_ns
    write_open_list(folder)
    assert (folder / OPEN_LIST_FILE).stat().st_mtime_ns == before, "the same is not written again"


def test_a_false_alarm_is_taken_back(shown, folder, monkeypatch, tmp_path) -> None:
    release_of(shown, bad=Tlp.CLEAR, fine=Tlp.CLEAR)
    until = (timezone.localtime() + timedelta(days=9)).isoformat(timespec="seconds")
    decision = lists.Decision(
        key="fine.example",
        verdict=lists.AllowDecision.WATCH,
        reason="s",
        until=until,
        decided=timezone.localtime().isoformat(timespec="seconds"),
        by="lead office",
        classes=("false-alarm",),
    )
    path = tmp_path / "decisions.jsonl"
    path.write_bytes(lists.decision_lines([decision]))
    monkeypatch.setattr(open_list, "decisions_file", lambda _root: path)
    write_open_list(folder)
    assert json.loads((folder / OPEN_LIST_FILE).read_bytes())["names"] == {"bad.example": 1}


def test_without_a_list_there_is_an_empty_one_and_it_is_told(shown, folder) -> None:
    release_of(shown, bad=Tlp.CLEAR)
    write_open_list(folder)
    shown.campaign.release_file = None
    shown.campaign.save()
    with pytest.raises(CannotWrite):
        write_open_list(folder)
    assert "names" not in json.loads((folder / OPEN_LIST_FILE).read_bytes())
    read_open_list(folder / OPEN_LIST_FILE)
