"""The public part of the campaign's list, on disk as the plane serves it."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach import api
from quetsach.indicators.model import Claim, Indicator, Kind, Rule, Tlp
from quetsach.indicators.release import Release, release_bytes
from quetsach.indicators.release_lines import Entry
from quetsach_portal.files.actions import keep
from quetsach_portal.files.models import Purpose
from quetsach_portal.publishing import open_list
from quetsach_portal.publishing.open_list import FILE, write
from quetsach_portal.publishing.problems import CannotWrite
from quetsach_portal.rights.models import Role
from quetsach_public.matching import read_open_list

pytestmark = pytest.mark.django_db


def release_of(world, **marked: Tlp | None) -> None:
    """Give the campaign a release of names, each with its mark."""
    entries = tuple(
        Entry(Indicator(f"{one}.example", f"{one}.example", Kind.NAME, Rule.BELOW, None, claim))
        for one, tlp in sorted(marked.items())
        for claim in [Claim(tlp=tlp, family="Mirai")]
    )
    raw = release_bytes(Release("2022-09-12T08:00:00+07:00", entries, title="Đợt 1"))
    world.campaign.release_file = keep(
        SimpleUploadedFile("release.jsonl", raw),
        purpose=Purpose.RELEASE,
        owner_path=world.units["TC"].path,
        actor=world.user("TC", Role.LEAD_OWNER),
    )
    world.campaign.save()


def test_only_what_is_marked_clear_goes_out(shown, folder) -> None:
    release_of(shown, bad=Tlp.CLEAR, shy=None, green=Tlp.GREEN)
    assert write(folder).startswith("1 được công khai; không đưa ra: 2 ")
    content = json.loads((folder / FILE).read_bytes())
    assert (content["names"], content["title"]) == ({"bad.example": 1}, "Đợt 1")
    assert read_open_list(folder / FILE).address.startswith("/danh-sach-mo/")
    before = (folder / FILE).stat().st_mtime_ns
    write(folder)
    assert (folder / FILE).stat().st_mtime_ns == before, "the same is not written again"


def test_a_false_alarm_is_taken_back(shown, folder, monkeypatch, tmp_path) -> None:
    release_of(shown, bad=Tlp.CLEAR, fine=Tlp.CLEAR)
    until = (timezone.localtime() + timedelta(days=9)).isoformat(timespec="seconds")
    decision = api.Decision(
        key="fine.example",
        verdict=api.Verdict.WATCH,
        reason="s",
        until=until,
        decided=timezone.localtime().isoformat(timespec="seconds"),
        by="lead office",
        classes=("false-alarm",),
    )
    path = tmp_path / "decisions.jsonl"
    path.write_bytes(api.decision_lines([decision]))
    monkeypatch.setattr(open_list, "decisions_file", lambda _root: path)
    write(folder)
    assert json.loads((folder / FILE).read_bytes())["names"] == {"bad.example": 1}


def test_without_a_list_there_is_an_empty_one_and_it_is_told(shown, folder) -> None:
    release_of(shown, bad=Tlp.CLEAR)
    write(folder)
    shown.campaign.release_file = None
    shown.campaign.save()
    with pytest.raises(CannotWrite):
        write(folder)
    assert "names" not in json.loads((folder / FILE).read_bytes())
    read_open_list(folder / FILE)
