"""Who takes part is counted, once, up the tree, and never named."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import CampaignState, NodeCounter
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.participation import actions, counting_limits, queries, views
from quetsach_portal.participation.actions import JoinAnswers
from quetsach_portal.participation.models.participation import (
    JoinCode,
    JoinCounter,
    JoinKind,
    UsedTicket,
)
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from quetsach_public.limits import PaceLimits
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def codes(world) -> dict[str, JoinCode]:
    actor = world.user("TC01", Role.FOCAL_POINT)
    return {one.kind: one for one in actions.make_codes(world.nodes["TC01"], actor=actor)}


def roll(times: int = 1) -> None:
    for turn in range(times):
        enqueue("participation.roll", key=f"roll:{timezone.now().timestamp()}:{turn}")
        run_ready()


def joined(world, code: str) -> int:
    return NodeCounter.objects.get(node=world.nodes[code]).joined_staff


def press(client: Client, code: JoinCode, **ticked: str):
    page = client.get(f"/join/{code.code}/")
    ticket = page.context["form"]["ticket"].value()
    return client.post(f"/join/{code.code}/", {"ticket": ticket, **ticked})


def test_somebody_who_presses_is_counted_up_the_tree_once(world, codes) -> None:
    assert press(Client(), codes["staff"], checked="on").status_code == 302
    roll(2)
    assert [joined(world, code) for code in ("TC01", "TC", "TC02", "TC01A")] == [1, 1, 0, 0]
    row = JoinCounter.objects.get()
    assert (row.joined, row.checked, row.cleaned, row.rolled) == (1, 1, 0, 1)


def test_B7_the_counters_equal_a_recount(world, codes) -> None:
    for kind in ("staff", "relative", "public", "public"):
        press(Client(), codes[kind])
    roll()
    assert recount(world.campaign) == []
    NodeCounter.objects.filter(node=world.nodes["TC"]).update(joined_public=9)
    assert [one.figure for one in recount(world.campaign)] == ["joined_public"]


def test_E4_a_page_that_is_sent_twice_counts_once(world, codes) -> None:
    ticket = counting_limits.new_ticket(codes["staff"])
    for _ in range(3):
        answer = Client().post(f"/join/{codes['staff'].code}/", {"ticket": ticket})
        assert answer.status_code == 302
    assert JoinCounter.objects.get().joined == 1


def test_a_ticket_of_another_code_or_made_up_counts_nothing(world, codes) -> None:
    for ticket in ("", "1.x", counting_limits.new_ticket(codes["public"])):
        answer = Client().post(f"/join/{codes['staff'].code}/", {"ticket": ticket})
        assert answer.status_code == 422
    assert not JoinCounter.objects.exists()


def test_A7_opening_the_page_counts_nobody_and_another_site_cannot_press(world, codes) -> None:
    address = f"/join/{codes['staff'].code}/"
    for _ in range(5):
        assert Client().get(address).status_code == 200
        assert Client().head(address).status_code == 200
    ticket = counting_limits.new_ticket(codes["staff"])
    answer = Client().post(address, {"ticket": ticket}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert not JoinCounter.objects.exists()


def test_P6_no_cookie_is_set_and_no_row_knows_who_it_was(world, codes) -> None:
    client = Client()
    press(client, codes["relative"], REMOTE_ADDR="198.51.100.7")
    assert not client.cookies
    names = {
        field.name
        for model in (JoinCounter, UsedTicket)
        for field in model._meta.get_fields()
        if field.concrete
    }
    assert not names & {"ip", "user", "session", "device", "agent", "code"}


def test_R6_scripted_joins_are_capped_flagged_and_left_out_of_the_ranking(world, codes) -> None:
    staff = world.nodes["TC01"].staff
    for _ in range(staff + 20):
        actions.join(codes["staff"], counting_limits.new_ticket(codes["staff"]), JoinAnswers())
    roll()
    row = JoinCounter.objects.get()
    assert (row.joined, row.over_cap) == (staff, 20)
    assert joined(world, "TC") == staff
    flagged = [one for one in queries.ranking(world.nodes["TC"]) if one.is_flagged]
    assert [one.name for one in flagged] == ["Ủy ban nhân dân xã Một"]
    assert queries.is_flagged(world.nodes["TC01"])


def scripted(code: JoinCode, many: int) -> None:
    for _ in range(many):
        actions.join(code, counting_limits.new_ticket(code), JoinAnswers(checked=True))


def test_R6_a_script_with_the_relatives_code_gets_a_quarter_an_hour_and_no_more_than_a_day(
    world, codes, monkeypatch
) -> None:
    monkeypatch.setattr(
        counting_limits, "LEAST_A_DAY", {**counting_limits.LEAST_A_DAY, "relative": 24}
    )
    noon = timezone.localtime().replace(hour=12)
    counted = []
    for hour in range(5):
        monkeypatch.setattr(timezone, "now", lambda at=noon + timedelta(hours=hour): at)
        scripted(codes["relative"], 20)
        counted.append(JoinCounter.objects.get().joined)
    # Of ten people's relatives 50 count on a day, and 12 in an hour.
    assert counted == [12, 24, 36, 48, 50]
    row = JoinCounter.objects.get()
    assert (row.checked, row.over_cap) == (50, 50)
    assert queries.is_flagged(world.nodes["TC01"])


def test_R6_one_address_counts_a_bounded_number_and_is_thanked_for_more(
    world, codes, monkeypatch
) -> None:
    monkeypatch.setattr(counting_limits, "_of_code", PaceLimits(3 / 3600, 3))
    for number in range(5):
        answer = press(Client(REMOTE_ADDR="198.51.100.7"), codes["public"])
        assert answer.headers["Location"] == f"/join/{codes['public'].code}/thanks", number
    assert JoinCounter.objects.get().joined == 3
    press(Client(REMOTE_ADDR="198.51.100.8"), codes["public"])
    assert JoinCounter.objects.get().joined == 4
    for number in range(5):
        press(Client(REMOTE_ADDR=f"2001:db8::{number}"), codes["public"])
    assert JoinCounter.objects.get().joined == 7, "a network of IPv6 is one who asks"


def test_R6_where_there_is_a_public_page_it_alone_counts(world, codes, monkeypatch) -> None:
    monkeypatch.setattr(views, "_on_plane", lambda code: f"https://sach.example/?ma={code.code}")
    address, ticket = f"/join/{codes['public'].code}/", counting_limits.new_ticket(codes["public"])
    for answer in (Client().get(address), Client().post(address, {"ticket": ticket})):
        assert answer.headers["Location"] == f"https://sach.example/?ma={codes['public'].code}"
    assert not JoinCounter.objects.exists()


def test_small_units_stand_together_in_the_ranking(world, codes) -> None:
    NodeCounter.objects.filter(node=world.nodes["TC02"]).update(staff=3, joined_staff=2)
    names = {one.name for one in queries.ranking(world.nodes["TC"])}
    assert names == {""}, "the one beside it would tell what it has of the total"


def test_a_replaced_code_leads_on_and_ends_after_thirty_days(world, codes) -> None:
    new = actions.replace_code(codes["staff"], actor=world.user("TC01", Role.FOCAL_POINT))
    answer = Client().get(f"/join/{codes['staff'].code}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/join/{new.code}/")
    JoinCode.objects.filter(pk=codes["staff"].pk).update(
        ended_at=timezone.now() - timedelta(days=31)
    )
    assert Client().get(f"/join/{codes['staff'].code}/").status_code == 410
    with pytest.raises(Refused):
        actions.replace_code(codes["staff"], actor=world.user("TC01", Role.FOCAL_POINT))


def test_nothing_is_counted_unless_the_campaign_runs(world, codes) -> None:
    world.campaign.state = CampaignState.CLOSED
    world.campaign.save()
    assert press(Client(), codes["staff"]).status_code == 422
    assert not JoinCounter.objects.exists()


def test_A8_codes_are_long_and_random(world, codes) -> None:
    assert len({one.code for one in codes.values()}) == 3
    assert all(len(one.code) == 26 for one in codes.values())


def test_short_codes_lead_to_the_same_page(world, codes) -> None:
    assert len({one.short for one in codes.values()}) == 3
    for typed in (codes["staff"].short, codes["staff"].shown.lower()):
        page = Client().get(f"/join/{typed}/")
        assert page.context["code"] == codes["staff"]
    wrong = codes["staff"].short[:-1] + ("A" if codes["staff"].short[-1] != "A" else "B")
    assert Client().get(f"/join/{wrong}/").status_code == 404


def test_living_codes_are_those_that_lead_on(world, codes, django_assert_max_num_queries) -> None:
    actor = world.user("TC01", Role.FOCAL_POINT)
    new = actions.replace_code(codes["staff"], actor=actor)
    with django_assert_max_num_queries(4):
        found = {asked.pk: leads_to for asked, leads_to in queries.living(world.campaign)}
    assert found == {
        codes["staff"].pk: new,
        new.pk: new,
        codes["relative"].pk: codes["relative"],
        codes["public"].pk: codes["public"],
    }
    assert all(queries.current(JoinCode.objects.get(pk=pk)) == one for pk, one in found.items())
    JoinCode.objects.filter(pk=codes["staff"].pk).update(
        ended_at=timezone.now() - timedelta(days=31)
    )
    assert codes["staff"].pk not in dict(queries.living(world.campaign))


def test_codes_are_handed_out_by_the_unit_itself_alone(world, codes, client_of) -> None:
    node, code = world.nodes["TC01"].pk, codes["staff"].pk
    allowed = client_of("TC01", Role.FOCAL_POINT)
    assert allowed.get(f"/participation/{node}/").status_code == 200
    assert allowed.get(f"/participation/codes/{code}/replace").status_code == 200
    for other, role, status in [
        ("TC", Role.COMPILER, 403),
        ("TC02", Role.FOCAL_POINT, 404),
        ("TC01A", Role.FOCAL_POINT, 404),
        ("KH", Role.LEAD_OWNER, 404),
        ("TC01", Role.TECHNICIAN, 403),
    ]:
        client = client_of(other, role)
        assert client.post(f"/participation/{node}/codes").status_code == status
        assert client.post(f"/participation/codes/{code}/replace").status_code == status
    assert JoinCode.objects.filter(ended_at__isnull=True).count() == 3


def test_making_codes_twice_is_once_and_stands_in_the_trail(world, codes) -> None:
    actions.make_codes(world.nodes["TC01"], actor=world.user("TC01", Role.FOCAL_POINT))
    assert JoinCode.objects.count() == len(JoinKind)
    assert AuditEvent.objects.filter(action="participation.codes_made").count() == 1


def test_the_figures_of_a_unit_by_kind(world, codes) -> None:
    press(Client(), codes["staff"])
    press(Client(), codes["public"])
    press(Client(), codes["public"])
    assert queries.figures(world.nodes["TC01"]) == {"staff": 1, "relative": 0, "public": 2}
    yesterday = timezone.localdate() - timedelta(days=1)
    assert queries.figures(world.nodes["TC01"], until=yesterday)["public"] == 0


def test_the_page_speaks_both_languages(world, codes) -> None:
    page = f"/join/{codes['public'].code}/"
    assert "Tôi tham gia" in Client().get(page).content.decode()
    assert "I take part" in Client().get(f"{page}?lang=en").content.decode()


def test_the_sheet_is_a_pdf_whose_code_leads_to_the_page(world, codes, client_of) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    answer = client.get(f"/participation/codes/{codes['staff'].pk}/sheet.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_R6_no_more_staff_join_than_there_are_on_whatever_day(world, codes) -> None:
    staff = world.nodes["TC01"].staff
    yesterday = timezone.localdate() - timedelta(days=1)
    JoinCounter.objects.create(
        node=world.nodes["TC01"], kind="staff", day=yesterday, joined=staff - 1
    )
    for _ in range(4):
        actions.join(codes["staff"], counting_limits.new_ticket(codes["staff"]), JoinAnswers())
    row = JoinCounter.objects.get(day=timezone.localdate())
    assert (row.joined, row.over_cap) == (1, 3)
    # A few who press twice are no script.
    assert not queries.is_flagged(world.nodes["TC01"])


def test_R6_the_flag_ends_with_its_day_and_not_by_a_new_code(world, codes) -> None:
    for _ in range(world.nodes["TC01"].staff + 20):
        actions.join(codes["staff"], counting_limits.new_ticket(codes["staff"]), JoinAnswers())
    assert queries.is_flagged(world.nodes["TC01"])
    actions.replace_code(codes["staff"], actor=world.user("TC01", Role.FOCAL_POINT))
    assert queries.is_flagged(world.nodes["TC01"])
    JoinCounter.objects.update(day=timezone.localdate() - timedelta(days=1))
    assert not queries.is_flagged(world.nodes["TC01"])
