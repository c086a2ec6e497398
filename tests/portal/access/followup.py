"""Who may open the pages of the app `followup`."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from quetsach_portal.campaigns.counters import reach
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, ExpectedReport
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import StoredFile
from quetsach_portal.followup.models import (
    DeployDeclaration,
    DeployEvidence,
    Extension,
    Method,
    PaperReport,
    Receipt,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from tests.portal.access.row import ALL, SUBTREE, Row
from tests.portal.access.sent_files import pdf
from tests.portal.world import World, make_campaign

SEES = {"own": ALL, "child": SUBTREE}
"""Who sees a unit: all who sit in it, and above it the roles that look below their unit."""

SOON = timezone.localdate() + timedelta(days=12)
YESTERDAY = timezone.localdate() - timedelta(days=1)
PAPER = {"day": YESTERDAY, "hour": "", "is_signed": "on", "note": "", "proof": pdf()}
MORE = {"day": SOON, "hour": "", "reason": "bão"}


def _node(world: World, code: str) -> CampaignNode:
    if code not in world.nodes:
        make_campaign(world, lead=code)
    return world.nodes[code]


def _somebody(code: str) -> str:
    """Return a unit in which none of those who ask for a thing of `code` sits."""
    return "KH" if code != "KH" else "TC02"


def _actor(world: World, code: str) -> User:
    return world.user(_somebody(code), Role.AUDITOR)


def _kept(world: World, code: str) -> StoredFile:
    path = world.units[code].path
    return store_upload(pdf(), purpose="proof", owner_path=path, actor=_actor(world, code))


def _unit(world: World, code: str) -> Mapping[str, Any]:
    return {"node_id": _node(world, code).pk}


def _campaign(world: World, code: str) -> Mapping[str, Any]:
    held = Campaign.objects.filter(lead_unit=world.units[code]).first()
    return {"campaign_id": (held or make_campaign(world, lead=code)).pk}


def _told_below(world: World, code: str) -> Mapping[str, Any]:
    node = _node(world, code)
    for child in CampaignNode.objects.filter(parent=node):
        reach(child, "told", timezone.now() - timedelta(days=9))
    return {"node_id": node.pk}


def _has_received(world: World, code: str) -> Mapping[str, Any]:
    reach(_node(world, code), "received", timezone.now())
    return {"node_id": _node(world, code).pk}


def _in_phase(world: World, code: str) -> Mapping[str, Any]:
    node = _node(world, code)
    return {"node_id": node.pk, "phase_id": ExpectedReport.objects.get(node=node).phase_id}


def _declared(world: World, code: str) -> DeployDeclaration:
    return DeployDeclaration.objects.create(
        node=_node(world, code), by=_actor(world, code), done=["announced"]
    )


def _declaration(world: World, code: str) -> Mapping[str, Any]:
    return {"declaration_id": _declared(world, code).pk}


def _evidence(world: World, code: str) -> Mapping[str, Any]:
    made = DeployEvidence.objects.create(
        declaration=_declared(world, code), kind="photo", file=_kept(world, code)
    )
    return {"evidence_id": made.pk}


def _receipt(world: World, code: str) -> Mapping[str, Any]:
    made = Receipt.objects.create(
        node=_node(world, code),
        by=_actor(world, code),
        method=Method.ON_BEHALF,
        received_at=timezone.now(),
        proof=_kept(world, code),
    )
    return {"receipt_id": made.pk}


def _paper(world: World, code: str) -> Mapping[str, Any]:
    made = PaperReport.objects.create(
        slot=ExpectedReport.objects.get(node=_node(world, code)),
        came_at=timezone.now(),
        proof=_kept(world, code),
        by=_actor(world, code),
    )
    return {"paper_id": made.pk}


def _extension(world: World, code: str) -> Mapping[str, Any]:
    made = Extension.objects.create(
        slot=ExpectedReport.objects.get(node=_node(world, code)),
        reason="mất điện",
        wanted=timezone.now() + timedelta(days=12),
        asked_by=_actor(world, code),
    )
    return {"extension_id": made.pk}


def _by_the_unit(name: str, roles: str, data: Mapping[str, Any], make: Callable[..., Any]) -> Row:
    return Row(f"followup:{name}", make=make, get=roles, post=roles, seen=SEES, data=data)


def _by_the_one_above(
    name: str, roles: str, data: Mapping[str, Any], make: Callable[..., Any]
) -> Row:
    by = {"child": roles}
    return Row(f"followup:{name}", make=make, get=by, post=by, seen=SEES, data=data)


# Whoever stands in a campaign follows it below their own unit, the one of the unit above too.
FOLLOWS = {"own": ALL, "parent": ALL}

ROWS = (
    Row("followup:ladder", make=_campaign, get=FOLLOWS),
    Row("followup:silent", make=_campaign, get=FOLLOWS),
    Row(
        "followup:mails",
        make=_campaign,
        get={"own": "LO CO", "parent": "LO CO"},
        seen=FOLLOWS,
    ),
    Row("followup:completeness", make=_campaign, get=FOLLOWS),
    Row("followup:extensions", make=_campaign, get=FOLLOWS),
    Row("followup:node", make=_unit, get=SEES),
    _by_the_unit(
        "remind", "LO CO SG", {"waits": "received", "days": "3", "whom": "all"}, _told_below
    ),
    Row(
        "followup:undo_reminders",
        make=_unit,
        get=None,
        post={"own": "LO CO SG"},
        seen=SEES,
        data={"first": "1", "last": "2"},
    ),
    _by_the_unit("receive", "FP SG CK", {}, _unit),
    _by_the_one_above("receive_for", "CO", {**PAPER, "said_by": "Ông B"}, _unit),
    _by_the_unit(
        "deploy", "FP", {"done": "announced", "links": "https://xa.example/"}, _has_received
    ),
    _by_the_one_above("on_paper", "CO", PAPER, _in_phase),
    _by_the_unit("ask_time", "CO FP", MORE, _in_phase),
    Row(
        "followup:give_time",
        make=_in_phase,
        seat="TC",
        get={"own": "LO", "child": "LO"},
        post={"own": "LO", "child": "LO"},
        seen=SEES,
        data=MORE,
    ),
    Row("followup:check", make=_declaration, get=None, post={"child": "CO"}, seen=SEES),
    Row(
        "followup:withdraw",
        make=_declaration,
        get={"own": "FP", "child": "CO"},
        post={"own": "FP", "child": "CO"},
        seen=SEES,
        data={"why": "nhầm"},
    ),
    Row("followup:evidence", make=_evidence, get=SEES),
    Row("followup:receipt_proof", make=_receipt, get=SEES),
    Row("followup:paper_proof", make=_paper, get=SEES),
    _by_the_one_above("remove_paper", "CO", {"why": "nhầm"}, _paper),
    Row(
        "followup:decide",
        make=_extension,
        seat="TC",
        get={"child": "CO LO"},
        post={"child": "CO LO"},
        seen=SEES,
        data={"answer": "grant", "day": SOON, "hour": "", "decision": "đồng ý"},
    ),
    Row("followup:take_back", make=_extension, get=None, post="CO FP", seen=SEES),
)
