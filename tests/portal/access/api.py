"""Who may open the pages about programs; programs themselves come with a token or not at all."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from quetsach_portal.api.tokens import make_token
from quetsach_portal.rights.models import Role
from tests.portal.access.participation import _node
from tests.portal.access.row import ALL, SUBTREE, Row
from tests.portal.world import World


def _unit(world: World, code: str) -> Mapping[str, Any]:
    return {"unit_id": world.units[code].pk}


def _token(world: World, code: str) -> Mapping[str, Any]:
    day = timezone.localdate() + timedelta(days=30)
    actor = world.user(code, Role.FOCAL_POINT)
    made, _text = make_token(
        world.units[code], name="x", scopes=["read"], expires_on=day, actor=actor
    )
    return {"token_id": made.pk}


def _form(world: World, code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    day = timezone.localdate() + timedelta(days=30)
    return {"name": "tường lửa", "scopes": ["lists"], "expires_on": day.isoformat()}


def _campaign(world: World, code: str) -> Mapping[str, Any]:
    _node(world, code)
    return {"campaign_id": world.nodes[code].campaign_id}


def _list(world: World, code: str) -> Mapping[str, Any]:
    return {**_campaign(world, code), "name": "rpz-watch.zone"}


def _number(name: str) -> Any:
    return lambda _world, _code: {name: 1}


def _closed(name: str, make: Any = None) -> Row:
    """An address for programs: without a token it answers 401, whoever is signed in."""
    return Row(f"interface:{name}", make=make, always=401, public=True, csrf=False)


ROWS = (
    Row("api:index", get=ALL),
    Row(
        "api:make",
        make=_unit,
        get="LO CO FP",
        post="LO CO FP",
        seen={"own": ALL, "child": SUBTREE},
        data=_form,
    ),
    Row(
        "api:end",
        make=_token,
        get="LO CO FP",
        post="LO CO FP",
        seen={"own": ALL, "child": SUBTREE},
    ),
    Row("device_list", make=_list, always=401, public=True, csrf=False),
    Row("interface:openapi-json", get=ALL, post=ALL, public=True, without_seat=200, csrf=False),
    Row("interface:api-root", always=404, public=True, csrf=False),
    _closed("me"),
    _closed("units"),
    _closed("unit", _unit),
    _closed("campaigns"),
    _closed("campaign", _campaign),
    _closed("nodes", _campaign),
    _closed("node", _node),
    _closed("slots", _node),
    _closed("participation", _node),
    _closed("rates", _node),
    _closed("reports", _campaign),
    _closed("node_reports", _node),
    _closed("report", _number("version_id")),
    _closed("payload", _number("version_id")),
    *(_closed(name) for name in ("letters", "submissions", "case_list", "notices")),
    *(_closed(name) for name in ("audit", "jobs")),
    # Without a token nothing is looked up, whatever the number.
    _closed("letter", _number("letter_id")),
    _closed("submission", _number("submission_id")),
    _closed("case", _number("case_id")),
    _closed("notice", _number("batch_id")),
    _closed("notice_items", _number("batch_id")),
    *(_closed(name, _node) for name in ("receipts", "declarations", "papers", "node_extensions")),
    *(_closed(name, _node) for name in ("ladder", "completeness")),
    *(_closed(name, _campaign) for name in ("extensions", "silences", "mails")),
    _closed("receipt_proof", _number("receipt_id")),
    _closed("deploy_evidence", _number("evidence_id")),
    _closed("paper_proof", _number("paper_id")),
    _closed("begin", _node),
    _closed("add_file", _number("submission_id")),
    _closed("send", _number("submission_id")),
)
