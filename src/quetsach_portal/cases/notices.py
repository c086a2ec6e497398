"""The ledger of notices: hand in, trace again, read with its account, and export as CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.models.notice import BatchState, NoticeBatch, NoticeItem, NoticeOutcome
from quetsach_portal.files.actions import store_upload
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused

LOGS = {
    "translation": _lazy("log of address translation (NAT)"),
    "outer-translation": _lazy("log of the outer address translation (provider)"),
    "lease": _lazy("records of address leases (DHCP)"),
    "contact": _lazy("log of connections or name queries"),
    "resolver-log": _lazy("log of the name server"),
    "proxy-log": _lazy("log of the proxy"),
    "port": _lazy("source port in the notice"),
    "time": _lazy("exact time in the notice"),
    "own-addresses": _lazy("list of the unit’s public addresses"),
}
"""What a trace may miss, by its name."""

TONES = {
    NoticeOutcome.DEVICE: "bad",
    NoticeOutcome.CANDIDATES: "warn",
    NoticeOutcome.CANNOT_TELL: "warn",
    NoticeOutcome.NO_DATA: "warn",
    NoticeOutcome.NOT_OURS: "calm",
    NoticeOutcome.REJECTED: "calm",
}


@dataclass(frozen=True)
class NoticeRow:
    """One item as the page shows it."""

    item: NoticeItem
    outcome: str
    tone: str
    missing: Sequence[str]


@dataclass(frozen=True)
class LedgerTotals:
    """Items in and items out, counted from the rows; `adds_up` says whether they agree."""

    items: int
    counts: Sequence[tuple[str, str, int]]
    adds_up: bool


def source_of(value: str) -> NoticeBatch.Source:
    """Return what kind of file a form named."""
    return NoticeBatch.Source(value)


def batches(rows: QuerySet[NoticeBatch]) -> QuerySet[NoticeBatch]:
    """Return the files, the newest first."""
    return rows.order_by("-pk")


def account_of(batch: NoticeBatch) -> LedgerTotals:
    """Return the account of a file, recounted from its rows and held against what came in.

    Cost: one query.
    """
    counts = dict.fromkeys(NoticeOutcome.values, 0)
    for outcome in NoticeItem.objects.filter(batch=batch).values_list("outcome", flat=True):
        counts[outcome] += 1
    return LedgerTotals(
        items=batch.items,
        counts=[(one.value, str(one.label), counts[one.value]) for one in NoticeOutcome],
        adds_up=sum(counts.values()) == batch.items,
    )


def items_of(batch: NoticeBatch, outcome: str = "") -> QuerySet[NoticeItem]:
    """Return the items in the order of the file, those with `outcome` only where one is asked."""
    rows = NoticeItem.objects.filter(batch=batch).select_related("case__device")
    if outcome in NoticeOutcome.values:
        rows = rows.filter(outcome=outcome)
    return rows.order_by("place")


def missing_text(names: Sequence[str]) -> list[str]:
    """Return in words which logs would have told more."""
    return [str(LOGS.get(one, one)) for one in names]


def as_csv(batch: NoticeBatch, *, faces: bool) -> bytes:
    """Return the items as CSV with a byte order mark; without `faces` no machine is named.

    A cell that a spreadsheet might take for a formula begins with an apostrophe (F2).
    """
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_heads(faces))
    for item in items_of(batch).iterator(chunk_size=2000):
        writer.writerow([_cell(one) for one in _row(item, faces)])
    return text.getvalue().encode()


def _heads(faces: bool) -> list[str]:
    heads = [_("No."), _("Time"), _("Address"), _("Port"), _("Remote"), _("Malware"), _("Outcome")]
    more = [_("Machine"), _("How sure"), _("Case"), _("Because")]
    return [*heads, *(more if faces else []), _("Missing log")]


def _row(notice_item: NoticeItem, faces: bool) -> Iterator[str]:
    yield str(notice_item.number)
    yield (
        ""
        if notice_item.at is None
        else timezone.localtime(notice_item.at).isoformat(timespec="seconds")
    )
    yield notice_item.address
    yield "" if notice_item.port is None else str(notice_item.port)
    yield notice_item.remote
    yield notice_item.family
    yield str(NoticeOutcome(notice_item.outcome).label)
    if faces:
        yield notice_item.device_key
        yield notice_item.grade
        yield "" if notice_item.case is None else notice_item.case.number
        yield notice_item.because
    yield "; ".join(missing_text(notice_item.missing))


def _cell(text: str) -> str:
    # Full-width signs count as well: some spreadsheets fold them.
    return f"'{text}" if text[:1] in "=+-@\t\r＝＋－＠" and text else text


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
        stored = store_upload(upload, purpose=PURPOSE, owner_path=node.unit.path, actor=actor)
        before = NoticeBatch.objects.filter(node=node, stored__sha256=stored.sha256).first()
        if before is not None:
            raise Refused(_("This very file was handed in before."), field="upload")
        batch = NoticeBatch.objects.create(
            node=node, stored=stored, source=source, handed_in_by=actor
        )
        _recorded("notices.handed_in", batch, actor)
        _ask(batch, 1)
    return batch


def retrace(batch_id: int, *, actor: User) -> None:
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
