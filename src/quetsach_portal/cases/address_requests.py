"""Requests for the holders of addresses: handed in, traced again, answered by a letter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api import problems
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.cases.models.notice import BatchState, NoticeOutcome
from quetsach_portal.cases.models.request import AddressRequest, AskedAddress
from quetsach_portal.cases.notices import TONES, missing_text, refuse_archived
from quetsach_portal.files.actions import store_upload
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import UnitKind
from quetsach_portal.web.acts import Refused

if TYPE_CHECKING:
    from quetsach.api.holder_letters import LetterFiles

JOB = "cases.answer_request"
UNCLEAR = "unclear-request"
"""The outcome of a row that the letter leaves open: it is not looked up."""

OUTCOMES: Mapping[str, Any] = {
    NoticeOutcome.DEVICE.value: _lazy("Machine found"),
    NoticeOutcome.CANDIDATES.value: _lazy("Candidates, not certain"),
    NoticeOutcome.CANNOT_TELL.value: _lazy("Cannot tell"),
    NoticeOutcome.NO_DATA.value: _lazy("No log of that time"),
    NoticeOutcome.NOT_OURS.value: _lazy("Not our address"),
    UNCLEAR: _lazy("Not looked up: the letter is not clear"),
}
"""How a row ends, in the order in which the page counts them."""

ZONES = ("Asia/Ho_Chi_Minh", "UTC")
"""What a person may declare for times whose zone the letter does not tell."""


def hand_in(
    node: CampaignNode, *, upload: "UploadedFile[bytes]", zone: str, actor: User
) -> AddressRequest:
    """Keep the letter and ask for its tracing.

    Errors: Refused for a letter that was handed in before, in an archived campaign, and as for each
    upload.
    """
    with transaction.atomic():
        refuse_archived(node.campaign_id)
        owner_path = node.unit.path
        stored = store_upload(upload, purpose="letter-in", owner_path=owner_path, actor=actor)
        same = AddressRequest.objects.filter(node=node, stored__sha256=stored.sha256)
        if same.exists():
            raise Refused(_("This file was already handed in."), field="upload")
        request = AddressRequest.objects.create(
            node=node, stored=stored, zone=_checked(zone), handed_in_by=actor
        )
        audit("requests.handed_in", request, actor)
        _enqueue(request)
    return request


def trace_again(request_id: int, *, zone: str, actor: User) -> None:
    """Enqueue a new tracing, with the logs that arrived since and the zone that is declared now.

    Errors: Refused while it is traced, and in an archived campaign.
    """
    with transaction.atomic():
        rows = AddressRequest.objects.select_for_update(of=("self",)).select_related("node__unit")
        request = rows.get(pk=request_id)
        if request.state == BatchState.WAITING:
            raise Refused(_("It is being traced now."))
        refuse_archived(request.node.campaign_id)
        request.zone, request.state = _checked(zone), BatchState.WAITING
        request.runs += 1
        request.save(update_fields=["zone", "state", "runs"])
        audit("requests.traced_again", request, actor)
        _enqueue(request)


def make_letter(request: AddressRequest, *, actor: User) -> "LetterFiles":
    """Return the letter that answers as DOCX and PDF; number, day and signer are left open.

    It is kept nowhere and sent to nobody. Errors: Refused before the tracing has ended, and where
    it cannot be set in type.
    """
    from quetsach.api import holder_letters

    if request.state != BatchState.TRACED or not request.answer:
        raise Refused(_("There is no answer yet."))
    unit = request.node.unit
    try:
        files = holder_letters.letter_files_of(
            whole_answer(request),
            request.node.name_at_freeze,
            in_party=unit.kind == UnitKind.PARTY,
            created=timezone.localtime(),
        )
    except problems.QuetsachError as error:
        raise Refused(f"{error.problem.what()}. {error.problem.todo()}") from error
    with transaction.atomic():
        audit("requests.letter_made", request, actor)
    return files


def is_archived(request: AddressRequest) -> bool:
    """True when what was asked and found is gone for good."""
    return request.node.campaign.state == CampaignState.ARCHIVED


def whole_answer(request: AddressRequest) -> dict[str, Any]:
    """Return the answer with its rows, as `HolderAnswer.as_json` gave it."""
    return {**request.answer, "rows": list(rows_of(request).values_list("row", flat=True))}


def day_of(request: AddressRequest) -> date | None:
    """Return the day of the letter, None where it has none."""
    written = request.answer.get("date")
    return date.fromisoformat(written) if written else None


def rows_of(request: AddressRequest) -> QuerySet[AskedAddress]:
    """Return the rows in the order of the letter."""
    return AskedAddress.objects.filter(request=request).order_by("number")


@dataclass(frozen=True)
class ShownAddress:
    """A row as the page shows it.

    Shapes: `end` is address and port, `times` each moment by its own zone, `zone` that zone or ""
    where nobody tells it; `missing` are words for logs that would have helped.
    """

    number: int
    end: str
    times: Sequence[str]
    zone: str
    outcome: str
    tone: str
    row: Mapping[str, Any]
    missing: Sequence[str]


def page_row(asked_address: AskedAddress) -> ShownAddress:
    """Return a row for the page."""
    answer_row = asked_address.row
    end = asked_address.address
    if answer_row.get("port") is not None:
        end = f"[{end}]:{answer_row['port']}" if ":" in end else f"{end}:{answer_row['port']}"
    moments = [
        datetime.fromisoformat(answer_row[key]) for key in ("first", "last") if answer_row.get(key)
    ]
    return ShownAddress(
        number=asked_address.number,
        end=end,
        times=[f"{moment:%H:%M:%S %d/%m/%Y}" for moment in moments],
        zone=answer_row.get("zone") or "",
        outcome=str(OUTCOMES[asked_address.outcome]),
        tone=TONES.get(NoticeOutcome(asked_address.outcome), "")
        if asked_address.outcome != UNCLEAR
        else "warn",
        row=answer_row,
        missing=missing_text([part["log"] for part in answer_row.get("missing", [])]),
    )


def counts_of(request: AddressRequest) -> Sequence[tuple[str, str, int]]:
    """Return (outcome, its words, how many rows), those that nobody has left out."""
    counts: Mapping[str, int] = request.answer.get("counts", {})
    return [(name, str(words), counts[name]) for name, words in OUTCOMES.items() if name in counts]


def audit(
    action: str,
    request: AddressRequest,
    actor: User | None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write an act on a request into the audit trail."""
    record(
        action,
        actor=actor,
        kind="requests",
        object_id=request.pk,
        unit_path=request.node.unit.path,
        detail=detail,
    )


def _checked(zone: str) -> str:
    """Return a zone that may be declared. Errors: Refused for any other."""
    if zone and zone not in ZONES:
        raise Refused(_("Choose one of the time zones."), field="zone")
    return zone


def _enqueue(request: AddressRequest) -> None:
    enqueue(
        JOB,
        key=f"{JOB}:{request.pk}:{request.runs}",
        payload={"request": request.pk},
        asked_by_id=request.handed_in_by_id,
        unit_path=request.node.unit.path,
    )
