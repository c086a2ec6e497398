"""The pages on which reports are read and decided on."""

from django.urls import reverse

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import ReportVersion
from tests.portal.reports.acting import (
    DEPLOYED,
    INFORMED,
    PEOPLE,
    ClientOf,
    accepted,
    fields,
    numbers,
    page,
    signed,
    slot_of,
    submitted,
)
from tests.portal.world import World


def test_returned_report_shows_each_remark_at_its_field(world: World, client_of: ClientOf) -> None:
    version = submitted(world, "TC01A")
    above, unit = client_of("TC01", Role.COMPILER), client_of("TC01A", Role.FOCAL_POINT)
    address = reverse("reports:review", args=[version.pk])
    above.post(address, {f"r-{PEOPLE}": "Đếm cả <b>hợp đồng</b>.", "r-": ""})
    assert "Đếm cả &lt;b&gt;" in page(unit, "slot", version.slot_id)
    assert "Đếm cả &lt;b&gt;" in page(unit, "numbers", version.slot_id)


def test_who_accepts_is_told_whether_it_is_counted(world: World, client_of: ClientOf) -> None:
    signed(world, "TC01")
    version, office = submitted(world, "TC01A"), client_of("TC01", Role.COMPILER)
    address = reverse("reports:accept", args=[version.pk])
    told = office.post(address, follow=True).content.decode()
    assert "Tổng số của đơn vị đã lập trước đó nên giữ nguyên" in told
    unit = client_of("TC01A", Role.FOCAL_POINT)
    assert "chưa tính vào tổng số" in page(unit, "slot", version.slot_id)


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
        reverse("reports:check", args=[first.slot_id]),
        {"checked": shown.context["page"].token, "gap": "later"},
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
