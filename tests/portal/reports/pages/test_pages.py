"""The pages of reports: the unit's way without a script, and what is told when something is odd."""

from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quetsach_portal.campaigns.models.campaign import CampaignNode, ExpectedReport
from quetsach_portal.followup.tasks import tasks_of
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import ReportVersion, VersionState
from quetsach_portal.reports.pages.pages import suggested, version_parts
from quetsach_portal.reports.writing.answers import TypedAnswer
from tests.portal.reports.acting import (
    DEPLOYED,
    INFORMED,
    PEOPLE,
    ClientOf,
    accepted,
    fields,
    fresh,
    numbers,
    page,
    signed,
    slot_of,
    submitted,
    written,
)
from tests.portal.world import World, make_unit


def test_unit_reports_in_five_posts_and_its_report_is_signed(
    world: World, client_of: ClientOf
) -> None:
    unit, slot = client_of("TC01A", Role.FOCAL_POINT), slot_of(world, "TC01A")
    assert "Viết báo cáo" in page(unit, "slot", slot.pk)
    unit.post(reverse("reports:open", args=[slot.pk]))
    draft = slot_of(world, "TC01A").draft
    sent = fields(draft.revision, {INFORMED: "1", DEPLOYED: "1", PEOPLE: "1.234"})
    sent[f"w-{PEOPLE}"] = "có cộng tác viên"
    answer = unit.post(reverse("reports:numbers", args=[slot.pk]), sent)
    assert answer["Location"] == reverse("reports:texts", args=[slot.pk])
    draft.refresh_from_db()
    words = {"revision": draft.revision, "v-assessment": "Tốt.", "v-proposals": ""}
    answer = unit.post(reverse("reports:texts", args=[slot.pk]), words)
    assert answer["Location"] == reverse("reports:check", args=[slot.pk])
    shown = unit.get(reverse("reports:check", args=[slot.pk]))
    assert "1.234" in shown.content.decode()
    token = shown.context["page"].token
    answer = unit.post(reverse("reports:check", args=[slot.pk]), {"checked": token})
    version = ReportVersion.objects.get()
    assert version.code in unit.get(answer["Location"]).content.decode()
    above = client_of("TC01", Role.COMPILER)
    assert version.author.name in page(above, "review", version.pk)
    above.post(reverse("reports:accept", args=[version.pk]))
    signer = client_of("TC01A", Role.SIGNER)
    assert "Ký báo cáo" in page(signer, "sign", version.pk)
    signer.post(reverse("reports:sign", args=[version.pk]))
    assert fresh(version).state == VersionState.SIGNED


def test_B5_what_is_no_number_is_told_and_stays_in_its_box(
    world: World, client_of: ClientOf
) -> None:
    slot, unit = written(world, "TC01A"), client_of("TC01A", Role.FOCAL_POINT)
    sent = fields(slot.draft.revision, {INFORMED: "1", DEPLOYED: "12a", PEOPLE: "-1"})
    text = unit.post(reverse("reports:numbers", args=[slot.pk]), sent).content.decode()
    assert 'value="12a"' in text
    assert 'value="-1"' in text
    assert text.count('<p class="field-error">') == 2
    text = page(unit, "check", slot.pk)
    assert "12a" in text
    assert 'name="checked"' not in text


def test_E3_old_tab_keeps_what_was_typed_beside_what_is_saved(
    world: World, client_of: ClientOf
) -> None:
    slot, unit = written(world, "TC01A"), client_of("TC01A", Role.FOCAL_POINT)
    sent = fields(slot.draft.revision - 1, {INFORMED: "1", DEPLOYED: "1", PEOPLE: "77"})
    text = unit.post(reverse("reports:numbers", args=[slot.pk]), sent).content.decode()
    assert 'value="77"' in text
    assert "Trang này đã cũ" in text
    assert f'name="revision" value="{slot.draft.revision}"' in text
    assert slot_of(world, "TC01A").draft.own[PEOPLE]["value"]["count"] == 5


def test_autosave_answers_with_the_next_revision_or_why_not(
    world: World, client_of: ClientOf
) -> None:
    slot, unit = written(world, "TC01A"), client_of("TC01A", Role.FOCAL_POINT)
    address, headers = reverse("reports:numbers", args=[slot.pk]), {"x-autosave": "1"}
    sent = fields(slot.draft.revision, {PEOPLE: "6"})
    answer = unit.post(address, sent, headers=headers)
    assert answer.json() == {"revision": slot.draft.revision + 1}
    answer = unit.post(address, sent, headers=headers)
    assert answer.status_code == 409
    own = slot_of(world, "TC01A").draft.own
    assert own[PEOPLE]["value"]["count"] == 6
    assert own[INFORMED]["value"]["count"] == 1


def test_B9_each_way_of_no_number_reads_otherwise(world: World, client_of: ClientOf) -> None:
    slot, unit = written(world, "TC01A"), client_of("TC01A", Role.FOCAL_POINT)
    words = {}
    for instead in ("zero", "nil", "not_collected", "not_applicable"):
        sent = fields(slot.draft.revision, {INFORMED: "1", DEPLOYED: "1", PEOPLE: ""})
        sent[f"i-{PEOPLE}"] = instead
        unit.post(reverse("reports:numbers", args=[slot.pk]), sent)
        slot = slot_of(world, "TC01A")
        parts = unit.get(reverse("reports:check", args=[slot.pk])).context["page"].parts
        words[instead] = next(x.text for part in parts for x in part.lines if x.key == PEOPLE)
    assert len(set(words.values())) == 4
    assert words["zero"] == "0"


def test_number_and_no_number_at_once_is_refused(world: World, client_of: ClientOf) -> None:
    slot, unit = written(world, "TC01A"), client_of("TC01A", Role.FOCAL_POINT)
    sent = fields(slot.draft.revision, {PEOPLE: "5"}) | {f"i-{PEOPLE}": "nil"}
    answer = unit.post(reverse("reports:numbers", args=[slot.pk]), sent)
    assert "không làm cả hai" in answer.content.decode()


def test_page_of_texts_keeps_and_offers_why_there_is_no_answer(
    world: World, client_of: ClientOf
) -> None:
    nil = {**numbers(), "proposals": TypedAnswer(instead="nil")}
    slot, unit = written(world, "TC01A", nil), client_of("TC01A", Role.FOCAL_POINT)
    address = reverse("reports:texts", args=[slot.pk])
    shown = unit.get(address).context["page"]
    assert shown["i-proposals"].initial == "nil"
    words = {"revision": slot.draft.revision, "v-assessment": "Tốt.", "v-proposals": ""}
    unit.post(address, words)
    slot = slot_of(world, "TC01A")
    assert slot.draft.own["proposals"]["value"] == {"absent": "nil"}
    words |= {"revision": slot.draft.revision, "i-proposals": "not_collected"}
    unit.post(address, words)
    slot = slot_of(world, "TC01A")
    assert slot.draft.own["proposals"]["value"] == {"absent": "not_collected"}
    words |= {"revision": slot.draft.revision, "v-proposals": "Cấp thêm máy."}
    assert "không làm cả hai" in unit.post(address, words).content.decode()
    assert "không làm cả hai" in page(unit, "check", slot.pk)


def test_returned_report_shows_each_remark_at_its_field(world: World, client_of: ClientOf) -> None:
    version = submitted(world, "TC01A")
    above, unit = client_of("TC01", Role.COMPILER), client_of("TC01A", Role.FOCAL_POINT)
    address = reverse("reports:review", args=[version.pk])
    above.post(address, {f"r-{PEOPLE}": "Đếm cả <b>hợp đồng</b>.", "r-": ""})
    assert "Đếm cả &lt;b&gt;" in page(unit, "slot", version.slot_id)
    assert "Đếm cả &lt;b&gt;" in page(unit, "numbers", version.slot_id)


def test_a_text_that_many_say_stands_once_with_all_their_names(world: World) -> None:
    for code, text in (("TC01", "Không có."), ("TC02", "Không có.")):
        accepted(world, code, {**numbers(), "proposals": TypedAnswer(text=text)})
    version = accepted(world, "TC", {**numbers(), "proposals": TypedAnswer(text="Cấp thêm máy.")})
    lines = {line.key: line for part in version_parts(version) for line in part.lines}
    ((names, text),) = lines["proposals"].said
    assert text == "Không có."
    assert names == "; ".join(world.nodes[code].name_at_freeze for code in ("TC02", "TC01"))


def test_a_small_change_may_wait_but_never_one_of_lines_1_and_2() -> None:
    for delta, proposed in (
        ({PEOPLE: [1000, 1005]}, "carry"),
        ({PEOPLE: [1000, 1011]}, "absorb"),
        ({INFORMED: [1000, 1001]}, "absorb"),
        ({INFORMED: [1000, 1000], PEOPLE: [1000, 1001]}, "carry"),
        ({DEPLOYED: [1000, 999]}, "absorb"),
    ):
        assert suggested(delta, Decimal(1)) == proposed, delta
    assert suggested({PEOPLE: [1000, 1011]}, Decimal("1.5")) == "carry"
    assert suggested({PEOPLE: [1000, 1001]}, Decimal(0)) == "absorb"


def test_task_of_a_report_says_what_is_still_to_come(world: World) -> None:
    words = []
    for act in (submitted, accepted, signed):
        act(world, code := ("TC01A", "TC02", "TC01")[len(words)])
        words.append(tasks_of(world.nodes[code], world.phase).tasks[-1].word)
    assert words == ["Đã nộp, chờ tiếp nhận", "Đã tiếp nhận, chờ ký", "Đã ký, chờ gửi"]


def test_who_accepts_is_told_whether_it_is_counted(world: World, client_of: ClientOf) -> None:
    signed(world, "TC01")
    version, office = submitted(world, "TC01A"), client_of("TC01", Role.COMPILER)
    address = reverse("reports:accept", args=[version.pk])
    told = office.post(address, follow=True).content.decode()
    assert "Tổng số của đơn vị đã lập trước đó nên giữ nguyên" in told
    unit = client_of("TC01A", Role.FOCAL_POINT)
    assert "chưa tính vào tổng số" in page(unit, "slot", version.slot_id)


def test_compiler_reads_what_came_first_and_sees_who_is_missing(
    world: World, client_of: ClientOf
) -> None:
    submitted(world, "TC02")
    compiler = client_of("TC", Role.COMPILER)
    rows = (
        compiler.get(reverse("reports:below", args=[slot_of(world, "TC").pk])).context["page"].rows
    )
    assert [one.slot.node.unit.code for one in rows] == ["TC02", "TC01"]
    owner = page(client_of("TC", Role.LEAD_OWNER), "below", slot_of(world, "TC").pk)
    assert "Xem báo cáo tiếp theo" in owner
    slot = written(world, "TC")
    assert "xã Một" in page(compiler, "total", slot.pk)
    sent = {"revision": slot.draft.revision, f"adjust-{PEOPLE}": "-3", f"why-{PEOPLE}": ""}
    answer = compiler.post(reverse("reports:total", args=[slot.pk]), sent)
    assert "Hãy nêu lý do điều chỉnh" in answer.content.decode()
    sent[f"why-{PEOPLE}"] = "báo hai nơi"
    answer = compiler.post(reverse("reports:total", args=[slot.pk]), sent)
    assert answer["Location"] == reverse("reports:check", args=[slot.pk])


def many_below(world: World, code: str, number: int) -> None:
    """Put so many units below a unit, each with an expected report."""
    top, phase = world.nodes[code], world.phase
    units = [make_unit(f"{code}M{n}", world.units[code], name=f"Thôn {n}") for n in range(number)]
    nodes = CampaignNode.objects.bulk_create(
        CampaignNode(
            campaign=world.campaign,
            unit=unit,
            parent=top,
            path=f"{top.path}{9000 + n}/",
            depth=top.depth + 1,
            name_at_freeze=unit.name,
        )
        for n, unit in enumerate(units)
    )
    ExpectedReport.objects.bulk_create(
        ExpectedReport(phase=phase, node=one, due_at=phase.due_at) for one in nodes
    )


def test_a_total_of_many_units_is_listed_page_by_page_at_the_cost_of_a_few(
    world: World, client_of: ClientOf
) -> None:
    compiler = client_of("TC01", Role.COMPILER)
    slot = written(world, "TC01")
    address = reverse("reports:total", args=[slot.pk])
    with CaptureQueriesContext(connection) as few:
        compiler.get(address)
    many_below(world, "TC01", 60)
    with CaptureQueriesContext(connection) as many:
        first = compiler.get(address)
    assert len(many) <= len(few)
    assert (len(first.context["page"].rows), first.context["units"]) == (50, 61)
    assert len(compiler.get(f"{address}?page=2").context["page"].rows) == 11
    assert [one.name for one in compiler.get(f"{address}?name=thon+7").context["page"].rows] == [
        "Thôn 7"
    ]
    below = compiler.get(reverse("reports:below", args=[slot.pk])).context
    assert (len(below["page"].rows), below["units"]) == (50, 61)
    version = submitted(world, "TC01")
    for number, rows in (("", 50), ("?page=2", 11)):
        shown = compiler.get(reverse("reports:version", args=[version.pk]) + number)
        assert len(shown.context["inputs"].rows) == rows
        traced = compiler.get(reverse("trace:figure", args=[version.pk, PEOPLE]) + number)
        assert len(traced.context["listed"].rows) == rows
        assert len(traced.context["trace"].parts) == 61


def test_a_day_that_is_none_is_told_on_every_page_that_asks_for_one(
    world: World, client_of: ClientOf
) -> None:
    version, office = accepted(world, "TC01A"), client_of("TC", Role.COMPILER)
    campaign = world.campaign.pk
    for address in (
        reverse("reports:slot", args=[version.slot_id]),
        reverse("trace:figure", args=[version.pk, PEOPLE]),
        reverse("followup:completeness", args=[campaign]),
        reverse("dashboards:show", args=[campaign]),
        reverse("dashboards:coverage", args=[campaign]),
    ):
        text = office.get(f"{address}?on=31/02/2026").content.decode()
        assert 'class="error-summary"' in text, address
        assert 'value="31/02/2026"' in text, address


def test_versions_are_compared_field_by_field(world: World, client_of: ClientOf) -> None:
    first = accepted(world, "TC02", numbers(people="5"))
    unit = client_of("TC02", Role.FOCAL_POINT)
    sent = {"kind": "correction", "reason_code": "counted_wrong", "reason": "sót một phòng"}
    unit.post(reverse("reports:correct", args=[first.slot_id]), sent)
    draft = slot_of(world, "TC02").draft
    unit.post(
        reverse("reports:numbers", args=[first.slot_id]),
        fields(draft.revision, {INFORMED: "1", DEPLOYED: "1", PEOPLE: "6"}),
    )
    shown = unit.get(reverse("reports:check", args=[first.slot_id]))
    unit.post(
        reverse("reports:check", args=[first.slot_id]), {"checked": shown.context["page"].token}
    )
    second = ReportVersion.objects.get(slot_id=first.slot_id, n=2)
    answer = unit.get(reverse("reports:compare", args=[second.pk, 1]))
    assert [(one.before, one.after) for one in answer.context["changes"]] == [("5", "6")]


def test_a_report_that_is_signed_is_shown_with_its_parts_in_few_queries(
    world: World, client_of: ClientOf, django_assert_max_num_queries
) -> None:
    accepted(world, "TC01A")
    version = signed(world, "TC01")
    client = client_of("TC", Role.COMPILER)
    page(client, "version", version.pk)
    with django_assert_max_num_queries(40):
        page(client, "version", version.pk)
    with django_assert_max_num_queries(40):
        page(client, "below", slot_of(world, "TC").pk)
