"""The wizard of tree events: preview, proposal, second approval."""

import pytest
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.register import tree_acts
from quetsach_portal.units.models import EventState, OrgEvent, OrgUnit
from quetsach_portal.units.tree_plan import TreePlan
from tests.portal.register.clients import ClientOf
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_wizard_shows_effects_sends_and_a_second_person_approves(
    world: World, client_of: ClientOf
) -> None:
    client = client_of("TC", Role.COMPILER)
    form = {
        "units_1": "Ủy ban nhân dân xã Một (TC01)\ntc02",
        "name_1": "Ủy ban nhân dân xã Mới",
        "code_1": "X1",
        "kind_1": "commune",
        "effective_on": timezone.localdate().isoformat(),
        "legal_doc": "NQ 1687/NQ-UBTVQH15",
    }
    checked = client.post("/units/events/new/merge/", {**form, "step": "check"})
    assert checked.context["effects"].campaigns[0].slots_ended == 2
    assert "Ủy ban nhân dân xã Mới" in checked.content.decode()
    assert not OrgEvent.objects.exists()
    client.post("/units/events/new/merge/", {**form, "step": "send", "state": "applied"})
    event = OrgEvent.objects.get()
    assert event.state == EventState.PROPOSED
    assert "X1" not in OrgUnit.objects.values_list("code", flat=True)
    own = client.get(f"/units/events/{event.pk}/decide")
    assert own.status_code == 403
    owner = client_of("TC", Role.LEAD_OWNER)
    for address in ("", f"{event.pk}/", f"{event.pk}/decide"):
        page = owner.get(f"/units/events/{address}").content.decode()
        assert "Ủy ban nhân dân xã Một (TC01)" in page, address
        assert "Ủy ban nhân dân xã Mới (X1)" in page, address
    owner.post(f"/units/events/{event.pk}/decide", {"decision": "approve"})
    event.refresh_from_db()
    assert (event.state, event.decided_by) == (
        EventState.APPLIED,
        world.user("TC", Role.LEAD_OWNER),
    )
    assert OrgUnit.objects.get(code="X1").name == "Ủy ban nhân dân xã Mới"
    ended = client_of("TC01", Role.FOCAL_POINT).get("/").content.decode()
    assert "Đơn vị kế thừa là Ủy ban nhân dân xã Mới" in ended


def test_A6_a_tree_event_asks_again_who_is_there(world: World, client_of: ClientOf) -> None:
    event = tree_acts.propose(
        tree_acts.drafted(
            "close",
            TreePlan(units=(world.units["TC02"].pk,)),
            effective_on=timezone.localdate(),
            legal_doc="QĐ 1",
            actor=world.user("TC", Role.COMPILER),
        ),
        actor=world.user("TC", Role.COMPILER),
    )
    owner = client_of("TC", Role.LEAD_OWNER)
    session = owner.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
    asked = owner.post(f"/units/events/{event.pk}/decide", {"decision": "approve"})
    assert "reauthenticate" in asked["Location"]
    event.refresh_from_db()
    assert event.state == EventState.PROPOSED


def test_units_are_found_among_those_for_which_somebody_may_propose(
    world: World, client_of: ClientOf
) -> None:
    def found(code: str, role: Role, words: str) -> list[str]:
        answer = client_of(code, role).get("/units/events/new/find", {"q": words})
        assert answer["Cache-Control"] == "no-store"
        return [one["text"] for one in answer.json()["units"]]

    assert found("TC", Role.LEAD_OWNER, "tc01") == ["Ủy ban nhân dân xã Một (TC01)"]
    assert found("TC01", Role.FOCAL_POINT, "tc01") == ["Ủy ban nhân dân xã Một (TC01)"]
    assert found("TC01", Role.FOCAL_POINT, "tc02") == []
    near = client_of("TC01", Role.FOCAL_POINT).get(
        f"/units/{world.units['TC01'].pk}/desks/find", {"q": "tc02"}
    )
    assert [one["text"] for one in near.json()["units"]] == ["Ủy ban nhân dân xã Hai (TC02)"]
