"""Who may open the pages about programs; programs themselves come with a token or not at all."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from quetsach_portal.api.tokens import make_token
from quetsach_portal.people.models.roles import Role
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


def _numbers(names: str) -> Any:
    if not names:
        return None
    fixed = {"problem": "stale", "which": "pdf"}
    return lambda _world, _code: {name: fixed.get(name, 1) for name in names.split()}


def _closed(name: str, make: Any = None) -> Row:
    """An address for programs: without a token it answers 401, whoever is signed in."""
    return Row(f"interface:{name}", make=make, always=401, public=True, csrf=False)


# Without a token nothing is looked up, whatever the number.
_BY_NUMBERS = {
    "": (
        "me units campaigns letters submissions case_list notices audit jobs events"
        " false_alarm_list alert_list alert_channels case_checks handled_addresses"
        " ranges allotted_files forwardings watched_nodes"
    ),
    "node_id": (
        "node slots participation rates node_reports receipts declarations papers node_extensions"
        " ladder completeness letter_register letter_cascade case_counts rechecks figures"
        " figures_below covered compared trend_of evidence_days imported_logs evidence_below"
        " machines_of_node release_for_home shares codes slips handout_list begin planted_names"
        " sensors_of_node heartbeat"
    ),
    "campaign_id": (
        "campaign nodes reports extensions silences mails public_figures materials deadlines"
        " campaign_tree campaign_release counter_checks dry_run public_page tools list_versions"
        " fingerprints_of_campaign list_feeds corrections"
    ),
    "campaign_id n": "list_version doubtful_rows",
    "unit_id": (
        "unit contacts desks headcounts past units_below people people_below own_tables own_keys"
        " log_sources declare_source"
    ),
    "source_id": "change_source hours_of_source",
    "receipt_id": "receipt_proof",
    "evidence_id": "deploy_evidence",
    "paper_id": "paper_proof",
    "letter_id": "letter dispatch mailing",
    "letter_id which": "letter_file",
    "problem": "contacts_health",
    "event_id": "event",
    "user_id": "person",
    "alarm_id": "false_alarm",
    "case_id": "case case_work case_check",
    "case_id finding_id": "samples",
    "file_id": "case_file",
    "draw_id": "recheck recheck_items",
    "slot_id": "change_notices remarks came_in",
    "version_id": "report payload report_steps report_since_last report_documents",
    "submission_id": "submission submission_files submission_report submission_lines add_file send",
    "campaign_id material_id": "material_file material_pulls",
    "edition_id": "handout",
    "list_id": "public_list",
    "batch_id": "notice notice_items allotted_file allotted_items",
    "forwarding_id": "forwarding",
    "document_id which": "report_document",
    "signature_id": "signed_copy",
}

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
    *(
        _closed(name, _numbers(numbers))
        for numbers, names in _BY_NUMBERS.items()
        for name in names.split()
    ),
)
