"""Who may open the pages of the register."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.register import imports, tree_acts
from quetsach_portal.units.models import UnitContact, UnitKind
from quetsach_portal.units.register_file.rows import UnitRow
from quetsach_portal.units.tree_plan import NewUnit, TreePlan
from tests.portal.access.row import ALL, SUBTREE, Row
from tests.portal.world import World, make_user

EDITS = {"own": "LO CO FP", "child": "LO CO"}
SEES = {"own": ALL, "child": SUBTREE}


def _unit(world: World, code: str) -> Mapping[str, Any]:
    return {"unit_id": world.units[code].pk}


def _contact(world: World, code: str) -> Mapping[str, Any]:
    made = UnitContact.objects.create(
        unit=world.units[code], mail="a@donvi.example", disabled_reason="550"
    )
    return {"contact_id": made.pk}


def _upload(world: World, code: str) -> Mapping[str, Any]:
    rows = [UnitRow(2, "", "N1", "Xã N", code, UnitKind.COMMUNE, "territory")]
    owner = world.user(code, Role.LEAD_OWNER)
    return {"upload_id": imports.take_rows(rows, "x", world.units[code], actor=owner).pk}


def _seen(world: World, code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    from quetsach_portal.register.models import RegisterUpload

    found, _hidden = imports.preview(RegisterUpload.objects.get(pk=arguments["upload_id"]))
    return {"seen": found.seen, "what": "all"}


def _event(world: World, code: str) -> Mapping[str, Any]:
    # Proposed by a stranger to all seats: a further person of the same unit.
    unit = world.units[code]
    proposer = make_user(unit, Role.COMPILER, f"proposes.{code.lower()}@coquan.example")
    new = NewUnit(f"NEW{code}", "Trường Tiểu học Mới", UnitKind.SCHOOL)
    event = tree_acts.drafted(
        "open",
        TreePlan(parent=unit.pk, parts=(new,)),
        effective_on=timezone.localdate(),
        legal_doc="QĐ 12/QĐ-UBND",
        actor=proposer,
    )
    event.path = unit.path
    return {"event_id": tree_acts.propose(event, actor=proposer).pk}


ROWS = (
    Row("units:index", get=ALL),
    Row("units:show", make=_unit, get=SEES),
    Row(
        "units:add_contact",
        make=_unit,
        get=EDITS,
        post=EDITS,
        seen=SEES,
        data={"role": "receiver", "mail": "b@donvi.example"},
    ),
    Row(
        "units:desks",
        make=_unit,
        get=EDITS,
        post=EDITS,
        seen=SEES,
        data={"compiler": ""},
    ),
    Row("units:find_desk", make=_unit, get=EDITS, seen=SEES),
    Row(
        "units:headcount",
        make=_unit,
        get=EDITS,
        post=EDITS,
        seen=SEES,
        data={"staff_count": "12", "as_of": "2026-01-01"},
    ),
    Row(
        "units:change_contact",
        make=_contact,
        get=EDITS,
        post=EDITS,
        seen=SEES,
        data={"role": "receiver", "mail": "c@donvi.example"},
    ),
    Row("units:end_contact", make=_contact, get=None, post=EDITS, seen=SEES),
    Row("units:use_again", make=_contact, get=None, post=EDITS, seen=SEES),
    Row("units:contacts_health", get="LO"),
    Row("units:load", get="LO", post="LO"),
    Row("units:load_areas", get="LO", post="LO", data={"year": "2022", "area": "29461"}),
    Row("units:load_shapes", get="LO", post="LO"),
    Row("units:template", get="LO"),
    Row("units:preview", make=_upload, get="LO"),
    Row("units:confirm", make=_upload, get=None, post="LO", data=_seen),
    Row("units:drop", make=_upload, get=None, post="LO"),
    Row("units:events", get=ALL),
    Row("units:choose", get="LO CO FP"),
    Row("units:find_to_propose", get="LO CO FP"),
    Row(
        "units:propose",
        make=lambda world, code: {"kind": "rename"},
        personal=True,
        get="LO CO FP",
        post="LO CO FP",
        seen=ALL,
        without_seat=403,
        data={"units": "TC01", "name": "Xã Khác"},
    ),
    Row("units:event", make=_event, get=SEES),
    Row(
        "units:decide",
        make=_event,
        get={"own": "LO", "child": "LO"},
        post={"own": "LO", "child": "LO"},
        seen=SEES,
        data={"decision": "refuse", "note": "Chưa có văn bản."},
    ),
    Row("units:withdraw", make=_event, get=None, post={}, seen=SEES),
    Row(
        "units:reverse",
        make=_event,
        get={"own": "LO", "child": "LO"},
        post={"own": "LO", "child": "LO"},
        seen=SEES,
    ),
)
