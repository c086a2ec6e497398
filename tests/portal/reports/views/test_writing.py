"""The pages on which a unit writes its report, without a script."""

from django.urls import reverse

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import ReportVersion, VersionState
from tests.portal.reports.acting import (
    DEPLOYED,
    INFORMED,
    PEOPLE,
    ClientOf,
    fields,
    fresh,
    page,
    slot_of,
    submitted,
    written,
)
from tests.portal.world import World


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
    answer = unit.post(reverse("reports:check", args=[slot.pk]), {"checked": token, "gap": "later"})
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
