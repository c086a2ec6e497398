"""Acts on the ledger of notices: hand a file in, trace it again."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.cases.notice_models import BatchState, NoticeBatch
from quetsach_portal.files.actions import keep
from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused

PURPOSE = "notice"
MOST_BYTES = 20_000_000


def hand_in(
    node: CampaignNode,
    *,
    upload: "UploadedFile[bytes]",
    source: NoticeBatch.Source,
    actor: User,
) -> NoticeBatch:
    """Keep what the authority sent, or a trace made at home, and ask for its tracing.

    Errors: Refused for what is too large, or was handed in before and is the same.
    """
    if (upload.size or 0) > MOST_BYTES:
        raise Refused(_("The file is larger than 20 MB."), field="upload")
    with transaction.atomic():
        stored = keep(upload, purpose=PURPOSE, owner_path=node.unit.path, actor=actor)
        before = NoticeBatch.objects.filter(node=node, stored__sha256=stored.sha256).first()
        if before is not None:
            raise Refused(_("This very file was handed in before."), field="upload")
        batch = NoticeBatch.objects.create(
            node=node, stored=stored, source=source, handed_in_by=actor
        )
        _recorded("notices.handed_in", batch, actor)
        _ask(batch, 1)
    return batch


def trace_again(batch_id: int, *, actor: User) -> None:
    """Ask for a new tracing, with the evidence that has come in since."""
    with transaction.atomic():
        rows = NoticeBatch.objects.select_for_update(of=("self",)).select_related("node__unit")
        batch = rows.get(pk=batch_id)
        if batch.state == BatchState.WAITING:
            raise Refused(_("It is being traced just now."))
        _recorded("notices.traced_again", batch, actor)
        batch.runs += 1
        batch.state = BatchState.WAITING
        batch.save(update_fields=["runs", "state"])
        _ask(batch, batch.runs)


def _ask(batch: NoticeBatch, run: int) -> None:
    enqueue(
        "cases.trace",
        key=f"cases.trace:{batch.pk}:{run}",
        payload={"batch": batch.pk},
        asked_by_id=batch.handed_in_by_id,
        unit_path=batch.node.unit.path,
    )


def _recorded(action: str, batch: NoticeBatch, actor: User) -> None:
    record(
        action,
        actor=actor,
        kind="notices",
        object_id=batch.pk,
        unit_path=batch.node.unit.path,
    )
