"""The pages of the register: search, tree, history, contacts, wizard; few queries each."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.register import tree_acts
from quetsach_portal.units.demo import load_tra_cu
from quetsach_portal.units.models import Desk, EventState, Headcount, OrgEvent, OrgUnit, UnitContact
from quetsach_portal.units.tree_plan import TreePlan
from tests.portal.world import World, make_user

pytestmark = pytest.mark.django_db

ClientOf = Callable[[str, Role], Client]


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="quetsach_portal.people.sessions.AccountBackend")
    return client


@pytest.fixture
def district(db: None) -> Client:
    """The owner of the demo district's lead office, signed in."""
    units = load_tra_cu()
    return _signed_in(make_user(units["TC"], Role.LEAD_OWNER))


@pytest.mark.parametrize("words", ["ngai xuyen", "NGÃI XUYÊN", "xuyên ngãi", "tc10", "Ngãi"])
def test_a_search_finds_by_name_or_code_with_or_without_marks(words: str, district: Client) -> None:
    page = district.get("/units/", {"q": words}).content.decode()
    assert "Ủy ban nhân dân xã Ngãi Xuyên" in page
    assert "Huyện đoàn" not in page


def test_the_tree_opens_and_closes_without_script(district: Client) -> None:
    top, party = OrgUnit.objects.get(code="TC"), OrgUnit.objects.get(code="HU")
    closed = district.get("/units/", {"open": "0"}).content.decode()
    assert "Huyện ủy Trà Cú" not in closed
    opened = district.get("/units/", {"open": f"{top.pk},{party.pk}"}).content.decode()
    assert "Ban Tuyên giáo Huyện ủy" in opened


def test_the_tree_takes_few_queries_however_many_units(district: Client) -> None:
    top = OrgUnit.objects.get(code="TC")
    for address in ("/units/", f"/units/{top.pk}/", "/units/?q=xa", "/units/contacts/"):
        with CaptureQueriesContext(connection) as asked:
            assert district.get(address).status_code == 200
        assert len(asked) <= 20, (address, len(asked))


@pytest.mark.parametrize("words", ["%", "_", "' OR 1=1 --", "x" * 5000, "\u202e"])
def test_hostile_words_find_nothing_and_break_nothing(words: str, district: Client) -> None:
    page = district.get("/units/", {"q": words, "open": "1,-5,9e9,'", "page": "99999999999"})
    assert page.status_code == 200


def test_A4_an_operator_reads_no_contact(world: World, client_of: ClientOf) -> None:
    UnitContact.objects.create(
        unit=world.units["TC01"], mail="mot@donvi.example", phone="0294 3874 000", person="Nguyễn A"
    )
    address = f"/units/{world.units['TC01'].pk}/"
    for role in (Role.OPERATOR, Role.LEAD_ANALYST, Role.TECHNICIAN, Role.AUDITOR):
        page = client_of("TC01", role).get(address).content.decode()
        assert "mot@donvi.example" not in page
        assert "3874" not in page
        assert "Nguyễn A" not in page
    assert "3874" in client_of("TC01", Role.FOCAL_POINT).get(address).content.decode()
    assert "3874" in client_of("TC", Role.COMPILER).get(address).content.decode()


def test_contacts_desks_and_head_counts_are_kept(world: World, client_of: ClientOf) -> None:
    client, unit = client_of("TC01", Role.FOCAL_POINT), world.units["TC01"]
    form = {"role": "receiver", "mail": "A@donvi.example", "phone": "0294.3874.000", "person": "B"}
    client.post(f"/units/{unit.pk}/contacts/add", form)
    contact = UnitContact.objects.get()
    assert (contact.mail, contact.source) == ("a@donvi.example", "unit")
    again = client.post(f"/units/{unit.pk}/contacts/add", form)
    assert again.context["form"].errors["mail"]
    bad = client.post(f"/units/{unit.pk}/contacts/add", {"role": "x", "mail": "a@b\r\nBcc: c@d.ex"})
    assert set(bad.context["form"].errors) == {"role", "mail"}
    UnitContact.objects.update(disabled_reason="550")
    client.post(f"/units/contacts/{contact.pk}/", {**form, "mail": "moi@donvi.example"})
    contact.refresh_from_db()
    assert (contact.mail, contact.disabled_reason) == ("moi@donvi.example", "")
    client.post(f"/units/{unit.pk}/desks", {"compiler": "TC01A"})
    assert Desk.objects.get(unit=unit).served_by == world.units["TC01A"]
    assert client.post(f"/units/{unit.pk}/desks", {"compiler": "KH"}).context["form"].errors
    tomorrow = timezone.localdate() + timedelta(days=1)
    late = client.post(f"/units/{unit.pk}/headcount", {"staff_count": 9, "as_of": tomorrow})
    assert late.context["form"].errors
    client.post(f"/units/{unit.pk}/headcount", {"staff_count": 9, "as_of": timezone.localdate()})
    assert Headcount.objects.get().staff_count == 9
    client.post(f"/units/contacts/{contact.pk}/end")
    assert client.get(f"/units/contacts/{contact.pk}/").status_code == 404


def test_the_health_of_contacts_tells_missing_bounced_shared_and_stale(
    world: World, client_of: ClientOf
) -> None:
    units = world.units
    UnitContact.objects.create(unit=units["TC"], mail="chung@donvi.example")
    UnitContact.objects.create(unit=units["TC01"], mail="chung@donvi.example")
    UnitContact.objects.create(unit=units["TC02"], mail="x@donvi.example", disabled_reason="550")
    old = timezone.localdate() - timedelta(days=400)
    UnitContact.objects.filter(unit=units["TC01"]).update(valid_from=old)
    client = client_of("TC", Role.LEAD_OWNER)
    found = {
        problem: [
            one.code
            for one in client.get("/units/contacts/", {"problem": problem}).context["page"].rows
        ]
        for problem in ("missing", "bounced", "shared", "stale")
    }
    assert found == {
        "missing": ["TC01A"],
        "bounced": ["TC02"],
        "shared": ["TC", "TC01"],
        "stale": ["TC01"],
    }


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


_SPLIT = {"name_1": "Xã Y", "code_1": "Y1", "name_2": "Xã Z", "code_2": "Z1"}


@pytest.mark.parametrize(
    ("kind", "form", "field"),
    [
        ("merge", {"merges": "TC01 TC02"}, "merges"),
        ("merge", {"merges": "TC01 + KH = X1; Xã; xã"}, "merges"),
        ("merge", {"merges": "TC01 + TC02 = TC01A"}, "into"),
        ("merge", {"units_1": "TC01\nKH", "name_1": "X", "code_1": "X1"}, "units_1"),
        ("merge", {"units_1": "TC01\nTC02"}, "into_1"),
        ("abolish", {"units": "TC01", "below_1": "TC01A"}, "heir_1"),
        ("move", {"units": "TC01", "parent": "KH", "line": "territory"}, "parent"),
        ("rename", {"units": "TC01", "name": "=cmd|' /C calc'!A0"}, "name"),
        ("close", {"units": "KH"}, "units"),
        ("split", {"units": "TC02", "name_1": "Xã Y", "code_1": "Y1"}, "name_2"),
        ("split", {**_SPLIT, "units": "TC02", "children_1": "TC01A"}, "children_1"),
        ("split", {**_SPLIT, "units": "TC01", "code_2": "Y1"}, "parts"),
        ("open", {"parent": "TC", "code": "TC01", "name": "X", "kind": "school"}, "line"),
    ],
)
def test_what_cannot_be_done_is_told_beside_its_field(
    kind: str, form: dict[str, str], field: str, world: World, client_of: ClientOf
) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    whole = {**form, "effective_on": timezone.localdate().isoformat(), "legal_doc": "QĐ 1"}
    page = client.post(f"/units/events/new/{kind}/", {**whole, "step": "send"})
    assert page.status_code == 200
    errors = page.context["form"].errors
    assert field in errors or "__all__" in errors
    assert not OrgEvent.objects.exists()


@pytest.mark.parametrize(
    ("kind", "form", "said"),
    [
        ("rename", {"units": "xã Hai (TC02)", "name": "Xã Hai Mới"}, "Xã Hai Mới"),
        ("move", {"units": "TC02", "parent": "TC01", "line": "territory"}, "(TC01)"),
        ("split", {**_SPLIT, "units": "TC01", "children_2": "tc01a"}, "Xã Z (Z1)"),
        ("close", {"units": "TC02"}, "(TC02)"),
        ("abolish", {"units": "TC01", "below_1": "TC01A", "heir_1": "TC02"}, "(TC02)"),
        ("open", {"parent": "TC", "code": "N1", "name": "Xã N", "kind": "commune"}, "Xã N (N1)"),
        ("merge", {"merges": "TC01 + TC02 = X1; Ủy ban nhân dân xã Mới; xã"}, "Mới (X1)"),
    ],
)
def test_each_kind_goes_from_the_form_by_its_check_to_the_proposal(
    kind: str, form: dict[str, str], said: str, world: World, client_of: ClientOf
) -> None:
    client, address = client_of("TC", Role.LEAD_OWNER), f"/units/events/new/{kind}/"
    given = {"line": "territory", **form, "effective_on": "", "legal_doc": "QĐ 1"}
    given["effective_on"] = timezone.localdate().isoformat()
    checked = client.post(address, {**given, "step": "check"})
    assert checked.context["effects"] is not None, checked.context["form"].errors
    hidden = {
        field.html_name: field.value()
        for field in checked.context["form"]
        if field.value() not in (None, False)
    }
    client.post(address, {**hidden, "step": "send"})
    event = OrgEvent.objects.get()
    assert said in client.get(f"/units/events/{event.pk}/").content.decode()


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


def test_one_more_group_keeps_what_was_filled_in(world: World, client_of: ClientOf) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    given = {**_SPLIT, "units": "TC01", "groups": "2", "step": "more"}
    form = client.post("/units/events/new/split/", given).context["form"]
    assert (form.count, form["name_2"].value(), form.errors) == (3, "Xã Z", {})


def test_contacts_open_on_the_first_problem_that_somebody_has(
    world: World, client_of: ClientOf
) -> None:
    stale = timezone.localdate() - timedelta(days=500)
    for unit in world.units.values():
        UnitContact.objects.create(unit=unit, mail=f"{unit.code}@coquan.example", valid_from=stale)
    page = client_of("TC", Role.LEAD_OWNER).get("/units/contacts/").content.decode()
    assert "Ủy ban nhân dân xã Một" in page
