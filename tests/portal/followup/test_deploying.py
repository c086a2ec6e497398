"""Deployed is declared with evidence, and can be checked and taken back."""

import pytest

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.followup.actions.declaring import DeploymentClaim, check, declare, withdraw
from quetsach_portal.followup.forms import DeployForm, count_in
from quetsach_portal.followup.models import DeclarationState, DeployDeclaration, DeployEvidence
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.acting import pdf
from tests.portal.followup.acting import deployed, node, received, text_file
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def said(**changed) -> DeploymentClaim:
    return DeploymentClaim(
        **{"done": ["announced"], "links": ["https://xa.example/tin"], **changed}
    )


def by(world: World):
    return world.user("TC01", Role.FOCAL_POINT)


def test_a_declaration_carries_ticks_and_evidence(world: World) -> None:
    received(world, "TC01")
    made = declare(
        node(world, "TC01"),
        said(done=["poster_up", "announced", "no such"], minutes=[pdf()]),
        actor=by(world),
    )
    assert made.done == ["announced", "poster_up"]
    assert {one.kind for one in made.evidence.all()} == {"minutes", "link"}
    assert NodeCounter.objects.get(node=world.nodes["TC"]).deployed == 1
    assert recount(world.campaign) == []


@pytest.mark.parametrize(
    "wrong", [{"done": []}, {"done": ["no such"]}, {"links": []}, {"links": ["x"] * 11}]
)
def test_no_tick_or_no_evidence_is_refused(world: World, wrong) -> None:
    received(world, "TC01")
    with pytest.raises(Refused):
        declare(node(world, "TC01"), said(**wrong), actor=by(world))


def test_B4_nobody_deploys_what_was_not_received(world: World) -> None:
    with pytest.raises(Refused):
        declare(node(world, "TC01"), said(), actor=by(world))
    tally = NodeCounter.objects.get(node=world.nodes["TC"])
    assert tally.deployed <= tally.received


def test_B4_more_told_than_staff_needs_a_reason(world: World) -> None:
    received(world, "TC01")
    with pytest.raises(Refused) as refused:
        declare(node(world, "TC01"), said(staff_told=11), actor=by(world))
    assert refused.value.field == "why"
    made = declare(
        node(world, "TC01"), said(staff_told=11, why="có cộng tác viên"), actor=by(world)
    )
    assert (made.staff_told, made.why) == (11, "có cộng tác viên")


def test_B4_what_cannot_be_is_refused_whatever_the_reason(world: World) -> None:
    received(world, "TC01")
    with pytest.raises(Refused) as refused:
        declare(node(world, "TC01"), said(staff_told=10**7, why="x"), actor=by(world))
    assert refused.value.field == "staff_told"


def test_E4_one_declaration_counts(world: World) -> None:
    deployed(world, "TC01")
    with pytest.raises(Refused):
        declare(node(world, "TC01"), said(), actor=by(world))
    assert DeployDeclaration.objects.count() == 1


def test_what_is_withdrawn_no_longer_counts_and_may_be_declared_anew(world: World) -> None:
    made = deployed(world, "TC01")
    check(made, actor=world.user("TC", Role.COMPILER))
    withdraw(made, "ảnh của xã khác", actor=world.user("TC", Role.COMPILER))
    assert node(world, "TC01").deployed_at is None
    assert NodeCounter.objects.get(node=world.nodes["TC"]).deployed == 0
    with pytest.raises(Refused):
        withdraw(made, "lần nữa", actor=by(world))
    declare(node(world, "TC01"), said(), actor=by(world))
    states = DeployDeclaration.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [DeclarationState.WITHDRAWN, DeclarationState.DECLARED]
    assert recount(world.campaign) == []


def test_evidence_of_a_wrong_kind_keeps_the_whole_declaration_out(world: World) -> None:
    received(world, "TC01")
    with pytest.raises(Refused):
        declare(node(world, "TC01"), said(photos=[text_file()]), actor=by(world))
    assert not DeployDeclaration.objects.exists()
    assert node(world, "TC01").deployed_at is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        *((one, 1234) for one in ("1.234", "1,234", "1 234", " 1234 ", "１２３４")),
        *((one, None) for one in ("12a", "-1", "1e3", "1.5", "1.23.456", "")),
        ("0", 0),
    ],
)
def test_B5_numbers_as_people_write_them(typed: str, number: int | None) -> None:
    assert count_in(typed) == number


def test_B5_empty_is_not_zero_and_wrong_is_told() -> None:
    empty, wrong = (
        DeployForm({"done": ["announced"], "staff_told": typed}) for typed in ("", "1.5")
    )
    assert empty.is_valid()
    assert empty.cleaned_data["staff_told"] is None
    assert "staff_told" in wrong.errors


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "không phải"])
def test_a_link_that_is_no_web_address_is_refused(link: str) -> None:
    assert "links" in DeployForm({"links": link}).errors


def test_A1_files_of_evidence_follow_the_unit(world: World, client_of) -> None:
    received(world, "TC01")
    declare(node(world, "TC01"), said(minutes=[pdf()]), actor=by(world))
    address = f"/followup/evidence/{DeployEvidence.objects.get(kind='minutes').pk}"
    for code, role, status in (
        ("TC01", Role.FOCAL_POINT, 200),
        ("TC", Role.COMPILER, 200),
        ("TC02", Role.FOCAL_POINT, 404),
        ("TC01A", Role.COMPILER, 404),
        ("KH", Role.LEAD_OWNER, 404),
    ):
        response = client_of(code, role).get(address)
        assert response.getvalue()
        assert response.status_code == status, (code, role)


def test_A2_fields_that_do_not_belong_to_the_form_do_nothing(world: World, client_of) -> None:
    received(world, "TC01")
    form = {
        "done": "announced",
        "links": "https://xa.example/tin",
        "state": "checked",
        "node": world.nodes["TC02"].pk,
        "checked_by": 1,
    }
    client = client_of("TC01", Role.FOCAL_POINT)
    assert client.post(f"/followup/units/{world.nodes['TC01'].pk}/deploy/", form).status_code == 302
    made = DeployDeclaration.objects.get()
    assert (made.node, made.state) == (world.nodes["TC01"], DeclarationState.DECLARED)
    assert made.checked_by is None
