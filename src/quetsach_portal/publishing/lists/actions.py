"""Hand in, take over and discard the lists of the public page."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.files.actions import FileUpload, accept_upload
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.publishing.models import ListKind, ListState, PublicList
from quetsach_portal.publishing.writing import enqueue_writing
from quetsach_portal.web.acts import Refused

PURPOSE = "list"


def hand_in(
    campaign: Campaign, kind: ListKind, upload: FileUpload, *, name: str, country: str, actor: User
) -> PublicList:
    """Store a file and enqueue its reading in the sandbox. Errors: FileRefused, with a text."""
    with transaction.atomic():
        path = campaign.lead_unit.path
        stored = accept_upload(upload, purpose=PURPOSE, owner_path=path, actor=actor)
        public_list = PublicList.objects.create(
            campaign=campaign,
            kind=kind,
            stored=stored,
            name=name.strip()[:120] or stored.name[:120],
            country=country.upper(),
            handed_in_by=actor,
        )
        _record("publishing.list_handed_in", public_list, actor)
        enqueue(
            "publishing.read_list",
            key=f"publishing.read_list:{public_list.pk}",
            payload={"list": public_list.pk},
            asked_by_id=actor.pk,
            unit_path=path,
            max_attempts=2,
        )
        return public_list


def take_over(public_list: PublicList, *, actor: User) -> None:
    """Use this list for the table from now on, instead of the one in use.

    Errors: Refused when it is not read, or was decided already.
    """
    with transaction.atomic():
        Campaign.objects.select_for_update(of=("self",)).get(pk=public_list.campaign_id)
        public_list = _to_decide(public_list)
        in_use = PublicList.objects.filter(
            campaign=public_list.campaign, kind=public_list.kind, state=ListState.TAKEN
        )
        in_use.update(state=ListState.REPLACED)
        _decide(public_list, ListState.TAKEN, actor)
        _record("publishing.list_taken", public_list, actor)
        enqueue_writing(asked_by_id=actor.pk)


def drop(one: PublicList, *, actor: User) -> None:
    """Leave the list unused. Errors: as `take_over`."""
    with transaction.atomic():
        row = _to_decide(one)
        _decide(row, ListState.DROPPED, actor)
        _record("publishing.list_dropped", row, actor)


def _to_decide(one: PublicList) -> PublicList:
    rows = PublicList.objects.select_for_update(of=("self",)).select_related("campaign__lead_unit")
    row = rows.get(pk=one.pk)
    if row.state != ListState.READ:
        raise Refused(_("This list is not waiting for a decision."))
    return row


def _decide(row: PublicList, state: ListState, actor: User) -> None:
    row.state, row.decided_by, row.decided_at = state, actor, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])


def _record(act: str, public_list: PublicList, actor: User) -> None:
    record(
        act,
        actor=actor,
        kind="publiclist",
        object_id=public_list.pk,
        unit_path=public_list.campaign.lead_unit.path,
        detail={
            "kind": public_list.kind,
            "title": public_list.name,
            "rows": public_list.rows,
            "sha256": public_list.sha256,
        },
    )
