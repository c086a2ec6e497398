"""Declare a campaign deployed, with evidence; check or withdraw the declaration."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.counters import reach, undo
from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    CampaignNode,
    CampaignState,
    ExpectedReport,
)
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import StoredFile
from quetsach_portal.followup.models import (
    DeclarationState,
    DeployDeclaration,
    DeployEvidence,
    DeploymentStep,
    EvidenceKind,
    Method,
    Receipt,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused

# Lock a unit of a running campaign, and record what is done to it.


RUNS = (CampaignState.LIVE, CampaignState.CLOSING)


def locked_node(node: CampaignNode) -> CampaignNode:
    """Return the node's row, locked, when its campaign runs and it is still in the tree.

    Errors: Refused.
    """
    locked = (
        CampaignNode.objects.select_for_update(of=("self",))
        .select_related("campaign__lead_unit", "unit")
        .get(pk=node.pk)
    )
    refuse_unless_running(locked)
    return locked


def locked_slot(slot: ExpectedReport) -> ExpectedReport:
    """Return the slot's row, locked, when its campaign runs. Errors: Refused."""
    locked = (
        ExpectedReport.objects.select_for_update(of=("self",))
        .select_related("node__campaign__lead_unit", "node__unit", "phase")
        .get(pk=slot.pk)
    )
    refuse_unless_running(locked.node)
    return locked


def refuse_unless_running(node: CampaignNode) -> None:
    """Refuse what can only be done in a running campaign, by a unit that still exists."""
    if node.campaign.state not in RUNS:
        raise Refused(_("The campaign is not running."))
    if node.state not in COUNTED:
        raise Refused(_("The unit is no longer part of this campaign."))


def audit(
    action: str, kind: str, subject: Model, node: CampaignNode, actor: User | None, **detail: Any
) -> None:
    """Write the act on a row of this `kind` into the trail, under the unit it is about."""
    record(
        action,
        actor=actor,
        kind=kind,
        object_id=subject.pk,
        unit_path=node.unit.path,
        detail={"node": node.pk, **detail},
    )


MOST_FILES = 10
MOST_PEOPLE = 1_000_000


@dataclass(frozen=True)
class DeploymentClaim:
    """What a unit declares."""

    done: Sequence[str]
    staff_told: int | None = None
    why: str = ""
    note: str = ""
    photos: Sequence["UploadedFile[bytes]"] = field(default_factory=tuple)
    minutes: Sequence["UploadedFile[bytes]"] = field(default_factory=tuple)
    links: Sequence[str] = field(default_factory=tuple)


def declare(node: CampaignNode, claim: DeploymentClaim, *, actor: User) -> DeployDeclaration:
    """Return the unit's declaration, with its files kept.

    Errors: Refused before the receipt, for a second one, for no tick, without evidence, and for
    more people told than the unit has staff unless it says why.
    """
    _check(node, claim)

    def store(files: Sequence["UploadedFile[bytes]"]) -> list[StoredFile]:
        proof = {"purpose": "proof", "owner_path": node.unit.path}
        return [store_upload(upload, actor=actor, **proof) for upload in files]

    photos, minutes = store(claim.photos), store(claim.minutes)
    with transaction.atomic():
        locked = locked_node(node)
        if locked.received_at is None:
            raise Refused(_("Confirm first that you received the letter."))
        counts = DeployDeclaration.objects.filter(node=locked)
        if counts.exclude(state=DeclarationState.WITHDRAWN).exists():
            raise Refused(_("Your unit has already declared this."))
        declaration = DeployDeclaration.objects.create(
            node=locked,
            by=actor,
            done=[step for step in DeploymentStep.values if step in claim.done],
            staff_told=claim.staff_told,
            why=claim.why,
            note=claim.note,
        )
        DeployEvidence.objects.bulk_create(_evidence(declaration, photos, minutes, claim.links))
        detail = {"done": declaration.done, "files": len(photos) + len(minutes)}
        audit("deploy.declared", "deploydeclaration", declaration, locked, actor, **detail)
        reach(locked, "deployed", declaration.at)
    return declaration


def declare_begun(node: CampaignNode, *, actor: User) -> DeployDeclaration | None:
    """Return the declaration that follows from looking at machines, None where there is one.

    It carries no evidence, stands as declared, and is withdrawn like any other. Nothing follows
    before the receipt, or again after somebody withdrew it.
    """
    with transaction.atomic():
        locked = locked_node(node)
        if locked.received_at is None or DeployDeclaration.objects.filter(node=locked).exists():
            return None
        declaration = DeployDeclaration.objects.create(
            node=locked,
            by=actor,
            done=[DeploymentStep.ANNOUNCED],
            note=_("Follows from the first machine that was checked."),
        )
        detail = {"done": declaration.done, "files": 0}
        audit("deploy.declared", "deploydeclaration", declaration, locked, actor, **detail)
        reach(locked, "deployed", declaration.at)
    return declaration


def check(declaration: DeployDeclaration, *, actor: User) -> None:
    """Record that the office above checked the declaration. Errors: Refused unless open."""
    with transaction.atomic():
        locked = locked_node(declaration.node)
        current = DeployDeclaration.objects.select_for_update().get(pk=declaration.pk)
        if current.state != DeclarationState.DECLARED:
            raise Refused(_("It was already checked or withdrawn."))
        audit("deploy.checked", "deploydeclaration", current, locked, actor)
        current.state, current.checked_by = DeclarationState.CHECKED, actor
        current.checked_at = timezone.now()
        current.save(update_fields=["state", "checked_by", "checked_at"])


def withdraw(declaration: DeployDeclaration, why: str, *, actor: User) -> None:
    """Take the declaration back, by the unit or by the office above; the unit may declare anew.

    Errors: Refused when it was withdrawn, or without a reason.
    """
    if not why.strip():
        raise Refused(_("Give a reason."), field="why")
    with transaction.atomic():
        locked = locked_node(declaration.node)
        current = DeployDeclaration.objects.select_for_update().get(pk=declaration.pk)
        if current.state == DeclarationState.WITHDRAWN:
            raise Refused(_("It was already withdrawn."))
        audit("deploy.withdrawn", "deploydeclaration", current, locked, actor)
        current.state, current.withdrawn_by = DeclarationState.WITHDRAWN, actor
        current.withdrawn_at, current.withdrawn_why = timezone.now(), why.strip()[:500]
        current.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "withdrawn_why"])
        undo(locked, "deployed")


def _check(node: CampaignNode, claim: DeploymentClaim) -> None:
    if not set(claim.done) & set(DeploymentStep.values):
        raise Refused(_("Tick at least one thing that your unit has done."), field="done")
    if not (claim.photos or claim.minutes or claim.links):
        raise Refused(_("Add a photo, minutes or a link as evidence."), field="photos")
    if len(claim.photos) + len(claim.minutes) + len(claim.links) > MOST_FILES:
        raise Refused(_("At most 10 files and links."), field="photos")
    people = claim.staff_told or 0
    if people > MOST_PEOPLE:
        raise Refused(_("This number of informed people is too high."), field="staff_told")
    if node.staff and people > node.staff and not claim.why.strip():
        text = _(
            "The unit has %(staff)s people. Explain why more were informed, or correct the number."
        )
        raise Refused(text % {"staff": node.staff}, field="why")


def _evidence(
    declaration: DeployDeclaration,
    photos: Sequence[StoredFile],
    minutes: Sequence[StoredFile],
    links: Sequence[str],
) -> list[DeployEvidence]:
    pieces: list[dict[str, Any]] = [
        *({"kind": EvidenceKind.PHOTO, "file": photo} for photo in photos),
        *({"kind": EvidenceKind.MINUTES, "file": document} for document in minutes),
        *({"kind": EvidenceKind.LINK, "link": link} for link in links),
    ]
    return [DeployEvidence(declaration=declaration, **piece) for piece in pieces]


# Say that the letter was received: the unit itself, or for it the office above with a proof.


def confirm_receipt(node: CampaignNode, *, actor: User) -> Receipt:
    """Return the unit's receipt; pressing twice, in two tabs or by two people changes nothing.

    Errors: Refused when the campaign does not run.
    """
    with transaction.atomic():
        locked = locked_node(node)
        receipt = Receipt.objects.filter(node=locked).first()
        if receipt is not None:
            return receipt
        return _received(Receipt(node=locked, by=actor, received_at=timezone.now()), locked, actor)


def record_receipt(
    node: CampaignNode,
    proof: "UploadedFile[bytes]",
    *,
    said_by: str,
    received_at: datetime,
    note: str,
    actor: User,
) -> Receipt:
    """Return the receipt that the office above recorded, by telephone, paper or in person.

    Errors: Refused without a proof of the right kind, for a day to come, or when the unit has
    confirmed itself.
    """
    if received_at > timezone.now():
        raise Refused(_("This is in the future."), field="day")
    kept = store_upload(proof, purpose="proof", owner_path=node.unit.path, actor=actor)
    with transaction.atomic():
        locked = locked_node(node)
        if Receipt.objects.filter(node=locked).exists():
            raise Refused(_("The receipt is already recorded."))
        receipt = Receipt(
            node=locked,
            by=actor,
            method=Method.ON_BEHALF,
            received_at=received_at,
            said_by=said_by,
            proof=kept,
            note=note,
        )
        return _received(receipt, locked, actor)


def _received(receipt: Receipt, node: CampaignNode, actor: User) -> Receipt:
    receipt.save(force_insert=True)
    audit("receipt.confirmed", "receipt", receipt, node, actor, method=receipt.method)
    # Whoever says that they received it has been told, on whatever way.
    reach(node, "told", receipt.received_at)
    reach(node, "received", receipt.received_at)
    return receipt
