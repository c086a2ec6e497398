"""What the plane counted arrives once, capped, and nothing is lost without a word."""

import errno
import json
import os
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignState, NodeCounter
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.participation import actions as participation
from quetsach_portal.participation import queries as joins
from quetsach_portal.participation.models import HandoutPull, JoinCode, JoinCounter
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing import counts
from quetsach_portal.publishing.models import RefusedFile, SetAsideCount, SetAsideReason, TakenFile
from quetsach_portal.reports.records.units import joins as derived_joins
from quetsach_public.counts import CounterKey, PublicAct, PublicCounters
from tests.portal.participation.slips.printing import printed
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def codes(shown):
    actor = shown.user("TC01", Role.FOCAL_POINT)
    made = participation.make_codes(shown.nodes["TC01"], actor=actor)
    return {one.kind: one.code for one in made}


def test_a_short_code_counts_for_the_same_unit(shown, codes, inbox) -> None:
    short = JoinCode.objects.get(code=codes["staff"]).short
    today = timezone.localdate()
    sent(
        inbox,
        (CounterKey(PublicAct.JOINED, short, today), 2),
        (CounterKey(PublicAct.JOINED, codes["staff"], today), 1),
    )
    counts.take_all()
    assert JoinCounter.objects.get(node=shown.nodes["TC01"]).joined == 3
    assert not SetAsideCount.objects.exists()


@pytest.fixture
def inbox(home) -> Path:
    return counts.inbox()


def sent(inbox: Path, *counts: tuple[CounterKey, int]) -> Path:
    """Write a file as the plane itself does."""
    plane = PublicCounters(inbox, inbox.parent / "run" / "counts")
    for count, many in counts:
        for _ in range(many):
            plane.add(count)
    path = plane.flush()
    assert path is not None
    return path


def put(inbox: Path, rows: object, name: str = f"{7:020d}-{'a' * 16}.json", version: int = 1):
    path = inbox / name
    path.write_text(json.dumps({"version": version, "counts": rows}))
    return path


def row(**other: object) -> dict[str, object]:
    plain = {"act": "joined", "code": "", "day": timezone.localdate().isoformat(), "of": ""}
    return {**plain, "count": 1, **other}


def test_what_the_plane_writes_arrives_by_kind_and_act(shown, codes, inbox) -> None:
    today = timezone.localdate()
    sent(
        inbox,
        (CounterKey(PublicAct.JOINED, codes["staff"], today), 3),
        (CounterKey(PublicAct.SCANNED, codes["staff"], today), 2),
        (CounterKey(PublicAct.CLEANED, codes["relative"], today), 1),
        (CounterKey(PublicAct.JOINED, "", today), 4),
        (CounterKey(PublicAct.PULLED, codes["public"], today, "leaflet-vi"), 5),
    )
    assert counts.take_all() == 1
    assert list(inbox.iterdir()) == []
    (day,) = joins.by_day(shown.nodes["TC01"])
    assert (day.staff, day.checked, day.cleaned, day.pulled) == (3, 2, 1, 5)
    assert joins.by_day(shown.nodes["TC"])[0].public == 4
    assert HandoutPull.objects.get().public == 5


def test_presses_of_a_code_reach_the_tree_and_no_figure_of_the_appendix(
    shown, codes, inbox
) -> None:
    today = timezone.localdate()
    sent(
        inbox,
        (CounterKey(PublicAct.JOINED, codes["staff"], today), 3),
        (CounterKey(PublicAct.JOINED, "", today), 2),
    )
    enqueue("publishing.take_counts", key="take")
    enqueue("participation.roll", key="roll", run_after=timezone.now())
    run_ready()
    assert NodeCounter.objects.get(node=shown.nodes["TC"]).joined_staff == 3
    assert derived_joins(shown.nodes["TC01"]) == derived_joins(shown.nodes["TC"]) == {}


def test_slips_from_the_plane_count_once_each_and_their_codes_are_written_nowhere(
    shown, inbox
) -> None:
    _lot, slips = printed(shown, 4)
    today = timezone.localdate()
    for _again in range(2):
        sent(
            inbox,
            (CounterKey(PublicAct.JOINED, slips[0], today), 2),
            (CounterKey(PublicAct.JOINED, slips[1], today), 1),
            (CounterKey(PublicAct.CLEANED, slips[2], today), 1),
            (CounterKey(PublicAct.JOINED, "0" * 12, today), 1),
        )
        counts.take_all()
    found = derived_joins(shown.nodes["TC01"])["people_joined"]
    assert (found.value.number, found.value.grade.value) == (2, "attested")
    aside = {(row.code, row.act, row.why): row.count for row in SetAsideCount.objects.all()}
    assert aside == {
        ("", "joined", SetAsideReason.OVER): 4,
        ("", "joined", SetAsideReason.UNKNOWN): 2,
        ("", "cleaned", SetAsideReason.UNKNOWN): 2,
    }
    assert sum(TakenFile.objects.values_list("kept_aside", flat=True)) == 8


def test_a_file_that_comes_back_counts_nothing(shown, codes, inbox) -> None:
    path = sent(inbox, (CounterKey(PublicAct.JOINED, codes["staff"], timezone.localdate()), 3))
    kept = path.read_bytes()
    counts.take_all()
    path.write_bytes(kept)
    assert counts.take_all() == 0
    assert not path.exists()
    assert JoinCounter.objects.get().joined == 3


def test_killed_in_the_middle_of_a_file_nothing_of_it_is_counted(
    shown, codes, inbox, monkeypatch
) -> None:
    today = timezone.localdate()
    path = sent(inbox, *[(CounterKey(PublicAct.JOINED, codes[kind], today), 2) for kind in codes])
    count, calls = counts._count, []

    def dies(one, *others):
        calls.append(one)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return count(one, *others)

    monkeypatch.setattr(counts, "_count", dies)
    with pytest.raises(KeyboardInterrupt):
        counts.take_all()
    assert path.exists()
    assert not JoinCounter.objects.exists()
    monkeypatch.undo()
    counts.take_all()
    assert sum(JoinCounter.objects.values_list("joined", flat=True)) == 6


def test_killed_before_the_file_goes_it_counts_once(shown, codes, inbox, monkeypatch) -> None:
    path = sent(inbox, (CounterKey(PublicAct.JOINED, codes["staff"], timezone.localdate()), 3))

    def dies(_path, missing_ok=False):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", dies)
        with pytest.raises(KeyboardInterrupt):
            counts.take_all()
    assert path.exists()
    counts.take_all()
    assert not path.exists()
    assert JoinCounter.objects.get().joined == 3


def test_R6_a_script_cannot_make_more_staff_than_there_are(shown, codes, inbox) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    put(inbox, [row(code=codes["staff"], count=10_000)])
    counts.take_all()
    put(
        inbox,
        [row(code=codes["staff"], count=10_000, day=yesterday.isoformat())],
        name=f"{8:020d}-{'a' * 16}.json",
    )
    counts.take_all()
    assert sum(JoinCounter.objects.values_list("joined", flat=True)) == 10
    aside = SetAsideCount.objects.filter(why=SetAsideReason.OVER, code=codes["staff"])
    assert sum(aside.values_list("count", flat=True)) == 19_990
    assert joins.is_flagged(shown.nodes["TC01"])


def test_residents_and_files_have_caps_of_their_own(shown, codes, inbox) -> None:
    rows = [row(code=codes["public"], count=90_000, act=act) for act in ("joined", "pulled")]
    put(inbox, rows)
    counts.take_all()
    tally = JoinCounter.objects.get()
    assert (tally.joined, tally.pulled) == (125, 1000)
    assert tally.over_cap == 89_875, "files that were pulled put nobody under question"


def _at(hours: float) -> str:
    when = timezone.now().timestamp() + 3600 * hours
    return f"{int(when * 1_000_000_000):020d}-{'a' * 16}.json"


def test_R6_a_burst_makes_no_unit_whole_and_puts_it_under_question_today(
    shown, codes, inbox
) -> None:
    node = shown.nodes["TC01"]
    node.staff = 27
    node.save()
    for hours in (-2, -2, -1, -1):
        put(inbox, [row(code=codes["relative"], count=50)], name=_at(hours))
        counts.take_all()
        TakenFile.objects.all().delete()
    tally = JoinCounter.objects.get()
    assert (tally.joined, tally.over_cap) == (100, 100)
    assert joins.is_flagged(node)
    JoinCounter.objects.update(day=timezone.localdate() - timedelta(days=1))
    assert not joins.is_flagged(node)


def test_a_meeting_of_all_staff_counts_in_one_minute_and_is_no_suspicion(
    shown, codes, inbox
) -> None:
    node = shown.nodes["TC01"]
    node.staff = 27
    node.save()
    put(inbox, [row(code=codes["staff"], count=27)])
    counts.take_all()
    tally = JoinCounter.objects.get()
    assert (tally.joined, tally.over_cap) == (27, 0)
    assert not joins.is_flagged(node)


def test_R6_an_hour_to_come_and_one_gone_by_give_no_room(shown, codes, inbox) -> None:
    put(inbox, [row(code=codes["public"], count=125)], name=_at(-1))
    counts.take_all()
    put(inbox, [row(code=codes["public"], count=125)], name=_at(900_000))
    put(inbox, [row(code=codes["public"], count=125)], name=_at(900_001))
    counts.take_all()
    put(inbox, [row(code=codes["public"], count=125)], name=_at(-5))
    counts.take_all()
    assert JoinCounter.objects.get().joined == 250


def test_R6_without_a_code_there_is_a_cap_and_a_flag_too(shown, inbox) -> None:
    NodeCounter.objects.filter(node=shown.nodes["TC"]).update(staff=3_000)
    put(inbox, [row(count=100_000)])
    counts.take_all()
    tally = JoinCounter.objects.get(node=shown.nodes["TC"])
    assert (tally.joined, tally.over_cap) == (3_750, 96_250)
    assert joins.is_flagged(shown.nodes["TC"])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"act": "hacked"}, "wrong-value"),
        ({"count": 0}, "wrong-value"),
        ({"count": 10**9}, "wrong-value"),
        ({"count": "3"}, "not-counts"),
        ({"count": 1.5}, "not-counts"),
        ({"code": "<script>"}, "wrong-value"),
        ({"day": "1999-01-01"}, "wrong-value"),
        ({"day": "9999-12-31"}, "wrong-value"),
        ({"day": "hôm nay"}, "not-counts"),
        ({"of": "\x1b[2J"}, "wrong-value"),
        ({"more": 1}, "not-counts"),
    ],
)
def test_a_wrong_value_refuses_the_whole_file(home, inbox, change, reason) -> None:
    put(inbox, [row(), row(**change)])
    assert counts.take_all() == 0
    assert RefusedFile.objects.get().reason == reason
    assert list(inbox.iterdir()) == []
    assert len(list((home / "public-refused").iterdir())) == 1
    assert not JoinCounter.objects.exists()


def test_hostile_files_are_set_aside_and_told(home, inbox, shown, client_of) -> None:
    def named(number: int) -> Path:
        return inbox / f"{number:020d}-{'b' * 16}.json"

    named(1).symlink_to("/etc/passwd")
    os.mkfifo(named(2))
    named(3).mkdir()
    named(4).write_text("[" * 100_000)
    named(5).write_bytes(b"\xff\xfe{}")
    with named(6).open("wb") as file:
        file.truncate(9_000_000)
    put(inbox, [], name="x\r\ny.json")
    put(inbox, [row()] * 20_001, name=named(7).name)
    put(inbox, [row()], name=named(8).name, version=2)
    assert counts.take_all() == 0
    assert list(inbox.iterdir()) == []
    assert RefusedFile.objects.count() == 9
    page = client_of("TC", Role.LEAD_OWNER).get(f"/public-page/campaigns/{shown.campaign.pk}/")
    assert named(1).name in page.content.decode()


def test_one_bad_file_never_stops_those_behind_it(shown, codes, inbox, monkeypatch) -> None:
    (inbox / os.fsdecode(b"0\xff.json")).mkdir()
    first = sent(inbox, (CounterKey(PublicAct.JOINED, codes["staff"], timezone.localdate()), 1))
    counts.take_all()
    first.mkdir()
    (first / "inside").write_text("x")
    stuck = put(inbox, [], name="1")
    put(inbox, [row(code=codes["public"])], name=f"{9:020d}-{'a' * 16}.json")
    rename = Path.rename

    def fails(path, target):
        if path == stuck:
            raise PermissionError
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fails)
    assert counts.take_all() == 1
    assert list(inbox.iterdir()) == [stuck]
    assert set(RefusedFile.objects.values_list("reason", flat=True)) == {"name", "not-a-file"}


def test_a_file_that_cannot_be_opened_now_is_taken_the_next_time(
    shown, codes, inbox, monkeypatch
) -> None:
    sent(inbox, (CounterKey(PublicAct.JOINED, codes["staff"], timezone.localdate()), 1))
    with monkeypatch.context() as full:
        full.setattr(os, "open", Mock(side_effect=OSError(errno.EMFILE, "full")))
        assert counts.take_all() == 0
    assert not RefusedFile.objects.exists()
    assert counts.take_all() == 1


def test_a_file_of_more_than_a_plane_can_count_is_refused(shown, codes, inbox) -> None:
    put(inbox, [row(code=f"x{number}", count=10_000) for number in range(101)])
    assert counts.take_all() == 0
    assert RefusedFile.objects.get().reason == "wrong-value"


def test_a_file_that_is_still_written_is_left_alone(inbox) -> None:
    (inbox / f".{7:020d}-{'a' * 16}.json").write_text("{")
    assert counts.take_all() == 0
    assert len(list(inbox.iterdir())) == 1


def test_unknown_and_ended_codes_and_a_closed_campaign_are_told(shown, codes, inbox) -> None:
    put(inbox, [row(code="khong-co"), row(code=codes["staff"], count=2)])
    counts.take_all()
    assert SetAsideCount.objects.get().why == SetAsideReason.UNKNOWN
    shown.campaign.state = CampaignState.CLOSED
    shown.campaign.save()
    put(inbox, [row(code=codes["staff"]), row()], name=f"{8:020d}-{'a' * 16}.json")
    counts.take_all()
    assert SetAsideCount.objects.filter(why=SetAsideReason.NOT_RUNNING).count() == 2
    assert JoinCounter.objects.get().joined == 2


def test_made_up_codes_fill_no_table(shown, inbox, monkeypatch) -> None:
    monkeypatch.setattr(counts, "MOST_CODES_A_DAY", 3)
    put(inbox, [row(code=f"x{number}", count=2) for number in range(10)])
    counts.take_all()
    kept = dict(SetAsideCount.objects.values_list("code", "count"))
    assert kept == {"x0": 2, "x1": 2, "x2": 2, "…": 14}


def test_R6_made_up_codes_cost_a_few_queries_and_not_one_each(
    shown, codes, inbox, django_assert_max_num_queries
) -> None:
    made_up = [row(code=f"x{number}") for number in range(5_000)]
    for name in (7, 8):
        put(inbox, [*made_up, row(code=codes["staff"])], name=f"{name:020d}-{'a' * 16}.json")
        with django_assert_max_num_queries(50):
            counts.take_all()
    assert SetAsideCount.objects.count() == 501
    assert SetAsideCount.objects.get(code="…").count == 9_000
    assert JoinCounter.objects.get().joined == 2


def test_what_is_kept_aside_adds_up_over_files(shown, codes, inbox) -> None:
    for name in (7, 8):
        put(inbox, [row(code="X1", count=2), row(code="x1")], name=f"{name:020d}-{'a' * 16}.json")
        counts.take_all()
    assert dict(SetAsideCount.objects.values_list("code", "count")) == {"X1": 4, "x1": 2}


def test_the_codes_lead_to_the_public_page_once_it_has_an_address(shown, codes, client_of) -> None:
    desk = client_of("TC01", Role.FOCAL_POINT)
    address = f"/participation/{shown.nodes['TC01'].pk}/"
    wanted = f"https://quetsach.example/tham-gia?ma={codes['staff']}"
    assert wanted in desk.get(address).content.decode()
    page = shown.campaign.public_page
    page.address = ""
    page.save()
    assert (
        f"{settings.QUETSACH.public_url}/join/{codes['staff']}/"
        in desk.get(address).content.decode()
    )
