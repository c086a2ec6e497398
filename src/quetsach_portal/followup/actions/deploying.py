"""Declare a campaign deployed, with evidence; check or withdraw the declaration."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.campaigns.steps import reach, undo
from quetsach_portal.files.actions import keep
from quetsach_portal.files.models import StoredFile
from quetsach_portal.followup.actions.running import locked_node, noted
from quetsach_portal.followup.models import (
    DeclarationState,
    DeployDeclaration,
    DeployEvidence,
    EvidenceKind,
    Tick,
)
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused

MOST_FILES = 10
MOST_PEOPLE = 1_000_000


@dataclass(frozen=True)
class Said:
    """What a unit declares."""

    done: Sequence[str]
    staff_told: int | None = None
    why: str = ""
    note: str = ""
    photos: Sequence["UploadedFile[bytes]"] = field(default_factory=tuple)
    minutes: Sequence["UploadedFile[bytes]"] = field(default_factory=tuple)
    links: Sequence[str] = field(default_factory=tuple)


def declare(node: CampaignNode, said: Said, *, actor: User) -> DeployDeclaration:
    """Return the unit's declaration, with its files kept.

    Errors: Refused before the receipt, for a second one, for no tick, without evidence, and for
    more people told than the unit has staff unless it says why.
    """
    _check(node, said)
    path = node.unit.path
    photos = [keep(one, purpose="proof", owner_path=path, actor=actor) for one in said.photos]
    minutes = [keep(one, purpose="proof", owner_path=path, actor=actor) for one in said.minutes]
    with transaction.atomic():
        row = locked_node(node)
        if row.received_at is None:
            raise Refused(_("Confirm first that you received the letter."))
        counts = DeployDeclaration.objects.filter(node=row)
        if counts.exclude(state=DeclarationState.WITHDRAWN).exists():
            raise Refused(_("Your unit has declared this already."))
        made = DeployDeclaration.objects.create(
            node=row,
            by=actor,
            done=[one for one in Tick.values if one in said.done],
            staff_told=said.staff_told,
            why=said.why,
            note=said.note,
        )
        DeployEvidence.objects.bulk_create(_evidence(made, photos, minutes, said.links))
        files = len(photos) + len(minutes)
        noted("deploy.declared", made, row, actor, done=made.done, files=files)
        reach(row, "deployed", made.at)
    return made


def check(declaration: DeployDeclaration, *, actor: User) -> None:
    """Note that the office above looked at the declaration. Errors: Refused unless it stands."""
    with transaction.atomic():
        row = locked_node(declaration.node)
        held = DeployDeclaration.objects.select_for_update().get(pk=declaration.pk)
        if held.state != DeclarationState.DECLARED:
            raise Refused(_("It was checked or withdrawn already."))
        noted("deploy.checked", held, row, actor)
        held.state, held.checked_by = DeclarationState.CHECKED, actor
        held.checked_at = timezone.now()
        held.save(update_fields=["state", "checked_by", "checked_at"])


def withdraw(declaration: DeployDeclaration, why: str, *, actor: User) -> None:
    """Take the declaration back, by the unit or by the office above; the unit may declare anew.

    Errors: Refused when it was withdrawn, or without a reason.
    """
    if not why.strip():
        raise Refused(_("Say why."), field="why")
    with transaction.atomic():
        row = locked_node(declaration.node)
        held = DeployDeclaration.objects.select_for_update().get(pk=declaration.pk)
        if held.state == DeclarationState.WITHDRAWN:
            raise Refused(_("It was withdrawn already."))
        noted("deploy.withdrawn", held, row, actor)
        held.state, held.withdrawn_by = DeclarationState.WITHDRAWN, actor
        held.withdrawn_at, held.withdrawn_why = timezone.now(), why.strip()[:500]
        held.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "withdrawn_why"])
        undo(row, "deployed")


def _check(node: CampaignNode, said: Said) -> None:
    if not set(said.done) & set(Tick.values):
        raise Refused(_("Tick at least one thing that your unit has done."), field="done")
    if not (said.photos or said.minutes or said.links):
        raise Refused(_("Add a photo, minutes or a link as evidence."), field="photos")
    if len(said.photos) + len(said.minutes) + len(said.links) > MOST_FILES:
        raise Refused(_("At most 10 files and links."), field="photos")
    told = said.staff_told
    if told is not None and told > MOST_PEOPLE:
        raise Refused(_("So many people cannot have been told."), field="staff_told")
    if told is not None and node.staff and told > node.staff and not said.why.strip():
        raise Refused(
            _("The unit has %(staff)s people. Say why more were told, or put the number right.")
            % {"staff": node.staff},
            field="why",
        )


def _evidence(
    made: DeployDeclaration,
    photos: Sequence[StoredFile],
    minutes: Sequence[StoredFile],
    links: Sequence[str],
) -> list[DeployEvidence]:
    return [
        *(DeployEvidence(declaration=made, kind=EvidenceKind.PHOTO, file=one) for one in photos),
        *(DeployEvidence(declaration=made, kind=EvidenceKind.MINUTES, file=one) for one in minutes),
        *(DeployEvidence(declaration=made, kind=EvidenceKind.LINK, link=one) for one in links),
    ]
