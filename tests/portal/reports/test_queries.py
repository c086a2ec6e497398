"""Which version of a report counted at a moment."""

from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    Phase,
    ReportCounter,
)
from quetsach_portal.campaigns.tree.waiting import WaitingChange
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.queries import child_slots, parent_id_in, public_version_at
from quetsach_portal.reports.writing import draft as writing_draft
from tests.portal.reports.acting import (
    above,
    accepted,
    handed_in,
    numbers,
    slot_of,
    submitted,
)
from tests.portal.world import World


def test_as_known_on_a_day(world: World) -> None:
    before = timezone.now()
    first = accepted(world, "TC02", numbers(people="5"))
    between = timezone.now()
    slot, author = slot_of(world, "TC02"), first.author

    draft = deciding.begin(
        slot, kind="correction", reason_code="other", reason="đếm lại", actor=author
    )
    writing_draft.save(slot, numbers(people="6"), revision=draft.revision, actor=author)
    second = handed_in(slot_of(world, "TC02"), author)
    waiting = timezone.now()
    deciding.accept(second, actor=above(world, "TC02"))
    assert public_version_at(slot, before) is None
    assert public_version_at(slot, between) == first
    assert public_version_at(slot, waiting) == first
    assert public_version_at(slot, timezone.now()) == second


def test_B8_moved_node_stays_with_its_old_parent_in_the_phases_before(world: World) -> None:
    slot = slot_of(world, "TC01A")
    accepted(world, "TC01A", numbers(people="5"))
    node, old, new = (world.nodes[one] for one in ("TC01A", "TC01", "TC02"))
    CampaignNode.objects.filter(pk=node.pk).update(parent=new, path=f"{new.path}{node.pk}/")
    assert [one.pk for one in child_slots(slot_of(world, "TC02"))] == [slot.pk]
    _moved(world, node, old, from_phase=2)
    assert child_slots(slot_of(world, "TC02")) == []
    assert [one.pk for one in child_slots(slot_of(world, "TC01"))] == [slot.pk]
    assert parent_id_in(slot_of(world, "TC01A").node, world.phase) == old.pk
    # In the next phase it stands below its new parent, and there alone.
    later = Phase.objects.create(
        campaign=world.campaign, no=2, opens_at=timezone.now(), due_at=world.phase.due_at
    )
    slots = {
        code: ExpectedReport.objects.create(
            phase=later, node=world.nodes[code], due_at=later.due_at
        )
        for code in ("TC01", "TC02", "TC01A")
    }
    assert child_slots(slots["TC01"]) == []
    assert child_slots(slots["TC02"]) == [slots["TC01A"]]


def test_B10_late_report_of_a_moved_node_is_counted_where_its_phase_is(world: World) -> None:
    node, old, new = (world.nodes[one] for one in ("TC01A", "TC01", "TC02"))
    CampaignNode.objects.filter(pk=node.pk).update(parent=new, path=f"{new.path}{node.pk}/")
    _moved(world, node, old, from_phase=2)
    submitted(world, "TC01A")
    tallies = ReportCounter.objects.filter(phase=world.phase, node__in=[old, new])
    assert {one.node_id: one.reported for one in tallies} == {old.pk: 1, new.pk: 0}


def _moved(world: World, node: CampaignNode, old: CampaignNode, from_phase: int) -> None:
    from quetsach_portal.units.models import OrgEvent

    event = OrgEvent.objects.create(
        kind="move",
        effective_on=timezone.localdate(),
        legal_doc="Quyết định 12/QĐ-UBND",
        proposed_by=world.user("TC", Role.LEAD_OWNER),
    )
    WaitingChange.objects.create(
        event=event,
        node=node,
        kind="move",
        old_parent=old,
        from_phase=from_phase,
        done_at=timezone.now(),
    )
