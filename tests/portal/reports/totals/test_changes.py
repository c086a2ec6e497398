"""A report that changed below is in no total above until somebody decided on it."""

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.models.report import ChangeNotice, NoticeState, VersionState
from tests.portal.reports.acting import (
    PEOPLE,
    above,
    accepted,
    correction,
    fresh,
    handed_in,
    numbers,
    signed,
    slot_of,
    total,
)
from tests.portal.world import World


def test_correction_leaves_the_signed_total_above_and_tells_it(world: World) -> None:
    accepted(world, "TC01A", numbers(people="5"))
    parent = signed(world, "TC01", numbers(people="3"))
    assert total(parent) == 8
    new = correction(world, "TC01A", "6")
    assert not ChangeNotice.objects.exists()
    deciding.accept(new, actor=above(world, "TC01A"))
    notice = ChangeNotice.objects.get()
    assert (notice.parent_slot_id, notice.state) == (parent.slot_id, NoticeState.OPEN)
    assert notice.delta == {PEOPLE: [5, 6]}
    assert total(fresh(parent)) == 8
    assert notice.old_version.n == 1
    assert fresh(notice.old_version).state == VersionState.SUPERSEDED


def _two_wait(world: World):
    """Return a signed total of TC and two changes that wait for its decision: of TC01, of TC02."""
    accepted(world, "TC01", numbers(people="3"))
    parent = signed(world, "TC", numbers(people="1"))
    deciding.accept(correction(world, "TC01", "5"), actor=above(world, "TC01"))
    accepted(world, "TC02", numbers(people="20"))
    return (
        parent,
        ChangeNotice.objects.get(new_version__n=2),
        ChangeNotice.objects.get(new_version__n=1),
    )


def test_change_that_waits_is_in_no_total_until_somebody_decided_on_it(world: World) -> None:
    parent, changed, late = _two_wait(world)
    assert total(parent) == 4
    compiler = world.user("TC", Role.COMPILER)
    deciding.absorb(changed, actor=compiler)
    version = handed_in(slot_of(world, "TC"), compiler)
    assert total(version) == 6
    out = version.inputs.get(used="excluded")
    assert (out.child_version, "chưa quyết định" in out.reason) == (late.new_version, True)
    late.refresh_from_db()
    assert (late.state, late.by, late.resolved_by) == (NoticeState.OPEN, None, None)
    assert late.new_version.slot.node.name_at_freeze not in version.reason

    deciding.return_version(version, {"": "xem lại"}, actor=above(world, "TC"))
    again = handed_in(slot_of(world, "TC"), compiler)
    assert total(again) == 6, "still nobody decided"
    deciding.accept(again, actor=world.user("TC", Role.LEAD_OWNER))
    deciding.absorb(late, actor=compiler)
    last = handed_in(slot_of(world, "TC"), compiler)
    assert total(last) == 26


def test_old_version_stays_in_the_total_while_its_correction_waits(world: World) -> None:
    _parent, changed, late = _two_wait(world)
    compiler = world.user("TC", Role.COMPILER)
    deciding.absorb(late, actor=compiler)
    version = handed_in(slot_of(world, "TC"), compiler)
    assert total(version) == 24
    assert version.inputs.get(child_slot=changed.new_version.slot).child_version.n == 1


def test_reason_on_paper_names_every_unit_that_came_in(world: World) -> None:
    _parent, changed, late = _two_wait(world)
    compiler = world.user("TC", Role.COMPILER)
    for notice in (changed, late):
        deciding.absorb(notice, actor=compiler)
    version = handed_in(slot_of(world, "TC"), compiler)
    assert total(version) == 26
    for notice in (changed, late):
        unit = notice.new_version.slot.node.name_at_freeze
        assert f"{unit} đã nộp phiên bản {notice.new_version.n}." in version.reason


def test_what_was_dismissed_or_carried_stays_out_of_a_correction(world: World) -> None:
    _parent, changed, late = _two_wait(world)
    compiler, author = world.user("TC", Role.COMPILER), world.user("TC", Role.FOCAL_POINT)
    deciding.dismiss(changed, "chênh ít", actor=compiler)
    deciding.carry(late, actor=compiler)
    version = correction(world, "TC", "2")
    assert total(version) == 5
    deciding.accept(version, actor=compiler)
    draft = deciding.begin(
        slot_of(world, "TC"),
        kind="supplement",
        reason_code="new_facts",
        reason="bổ sung",
        actor=author,
    )
    supplement = handed_in(slot_of(world, "TC"), author)
    assert total(supplement) == 25, "what was left to the supplement is in, what was dismissed not"
    assert draft.left_out == {}
    assert supplement.reason.startswith("bổ sung ")
