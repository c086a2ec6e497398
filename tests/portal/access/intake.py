"""Who may open the pages of the app `intake`."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.looks.models import UnitMachine
from quetsach_portal.people.models.roles import Role
from tests.portal.access.row import ALL, Row
from tests.portal.intake import rows
from tests.portal.world import World

Arguments = Mapping[str, Any]
WORKERS = "FP TE"
COUNTERS = "LO LA CO"


def _node(world: World, code: str) -> Arguments:
    return {"node_id": rows.node_of(world, code).pk}


def _logs(world: World, code: str) -> Arguments:
    return {**_node(world, code), "kind": "logs"}


def _unit(world: World, code: str) -> Arguments:
    return {"unit_id": world.units[code].pk}


def _plan(world: World, code: str) -> Arguments:
    return {**_unit(world, code), "kind": "plan"}


def _draft(world: World, code: str) -> Arguments:
    return {"submission_id": rows.make_draft(world, code).pk}


def _draft_file(world: World, code: str) -> Arguments:
    row = rows.make_draft(world, code)
    return {"submission_id": row.pk, "file_id": row.files.get().pk}


def _failed(world: World, code: str) -> Arguments:
    return {"submission_id": rows.make_failed(world, code).pk}


def _done(world: World, code: str) -> Arguments:
    return {"submission_id": rows.make_done(world, code).pk}


def _look(world: World, code: str) -> Arguments:
    row = rows.make_looked(world, code)
    return {"submission_id": row.pk, "number": rows.LOOK["number"]}


def _table(world: World, code: str) -> Arguments:
    return {"table_id": rows.make_table(world, code).pk}


def _source(world: World, code: str) -> Arguments:
    return {"source_id": rows.make_source(world, code).pk}


def _source_form(world: World, code: str, arguments: Arguments) -> Arguments:
    return {"name": "Tường lửa", "pattern": "fw.log", "zone": "+07:00", "reason": "đổi máy"}


def _machine(world: World, code: str) -> Arguments:
    node = rows.node_of(world, code)
    unit = world.units[code]
    machine = UnitMachine.objects.create(unit=unit, name="PC-CU", hostname="PC-CU", origin="typed")
    return {"node_id": node.pk, "machine_id": machine.pk}


def _machine_form(world: World, code: str, arguments: Arguments) -> Arguments:
    return {"name": f"PC-{uuid4().hex[:8]}", "room": "Một cửa", "user_role": "văn thư"}


def _join_form(world: World, code: str, arguments: Arguments) -> Arguments:
    other = UnitMachine.objects.create(unit=world.units[code], name="PC-MOI", origin="typed")
    return {"into": str(other.pk)}


def _key(world: World, code: str) -> Arguments:
    return {"key_id": rows.make_key(world, code).pk}


def _campaign(world: World, code: str) -> Arguments:
    if world.campaign is not None and world.campaign.lead_unit == world.units[code]:
        return {"campaign_id": world.campaign.pk}
    owner = world.user(code, Role.LEAD_OWNER)
    made = Campaign.objects.create(title="Khác", lead_unit=world.units[code], created_by=owner)
    return {"campaign_id": made.pk}


def _begin_form(world: World, code: str, arguments: Arguments) -> Arguments:
    return {"file": rows.upload("conn.log"), "note": "x", "token": str(uuid4())}


def _file_form(world: World, code: str, arguments: Arguments) -> Arguments:
    return {"file": rows.upload("more.log")}


def _table_form(world: World, code: str, arguments: Arguments) -> Arguments:
    return {"file": rows.upload("plan.csv", "unit,subnet\nA,10.0.0.0/24\n"), "as_of": "2022-09-01"}


def _by_hand_form(world: World, code: str, arguments: Arguments) -> Arguments:
    return {"machine": "PC-KETOAN-03", "reason": "Văn thư xác nhận máy này."}


def _key_form(world: World, code: str, arguments: Arguments) -> Arguments:
    return {"pem": rows.public_key()}


ROWS = (
    Row("intake:index", get=ALL),
    Row("intake:unit", make=_node, get=WORKERS),
    Row("intake:hand_in", make=_node, get=WORKERS),
    Row("intake:begin", make=_logs, get=WORKERS, post=WORKERS, data=_begin_form),
    Row("intake:imports", make=_node, get=WORKERS),
    Row("intake:machines", make=_node, get=WORKERS, post=WORKERS, data=_begin_form),
    Row("intake:collector", make=_node, get=WORKERS),
    Row("intake:machine_total", make=_node, get=None, post=WORKERS, data={"machines": "9"}),
    Row("intake:no_logs", make=_node, get=None, post=WORKERS, data={"none": "1"}),
    Row("intake:add_machine", make=_node, get=WORKERS, post=WORKERS, data=_machine_form),
    Row("intake:describe_machine", make=_machine, get=WORKERS, post=WORKERS, data=_machine_form),
    Row("intake:end_machine", make=_machine, get=WORKERS, post=WORKERS, data={"reason": "hỏng"}),
    Row("intake:join_machine", make=_machine, get=WORKERS, post=WORKERS, data=_join_form),
    Row("intake:at_home", make=_node, get=WORKERS),
    Row("intake:release", make=_node, get=WORKERS),
    Row("intake:below", make=_node, get=COUNTERS),
    Row("intake:submission", make=_done, get=WORKERS),
    Row("intake:progress", make=_draft, get=WORKERS),
    Row("intake:add_file", make=_draft, get=WORKERS, post=WORKERS, data=_file_form),
    Row("intake:remove_file", make=_draft_file, get=None, post=WORKERS),
    Row("intake:send", make=_draft, get=None, post=WORKERS),
    Row("intake:again", make=_failed, get=None, post=WORKERS),
    Row("intake:withdraw", make=_done, get=WORKERS, post=WORKERS, data={"reason": "nhầm"}),
    Row("intake:throw_away", make=_draft, get=None, post=WORKERS),
    Row("intake:by_hand", make=_look, get=WORKERS, post=WORKERS, data=_by_hand_form),
    Row("intake:report", make=_done, get=WORKERS),
    Row("intake:tables", make=_unit, get=WORKERS),
    Row("intake:add_table", make=_plan, get=WORKERS, post=WORKERS, data=_table_form),
    Row("intake:end_table", make=_table, get=None, post=WORKERS),
    Row("intake:sources", make=_unit, get=WORKERS),
    Row("intake:add_source", make=_unit, get=WORKERS, post=WORKERS, data=_source_form),
    Row("intake:change_source", make=_source, get=WORKERS, post=WORKERS, data=_source_form),
    Row("intake:end_source", make=_source, get=WORKERS, post=WORKERS, data=_source_form),
    Row("intake:keys", make=_unit, get=WORKERS, post="FP", data=_key_form),
    Row("intake:end_key", make=_key, get=None, post="FP", seen="TE"),
    Row(
        "intake:rules",
        make=_campaign,
        seat="TC",
        get="LO",
        post="LO",
        seen=ALL,
        data={"unsigned_allowed": "on", "keep_raw_days": "10"},
    ),
)
