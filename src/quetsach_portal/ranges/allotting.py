"""A lead office's file of notices: each item goes to the unit of its address, or to nobody."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from quetsach.api.allotting import AllotOutcome, AllotReason, RangeTable
from quetsach.sandbox.contract import SandboxFailed
from quetsach_portal.campaigns.models.campaign import COUNTED, CampaignNode
from quetsach_portal.cases import notices as case_notices
from quetsach_portal.cases.finding_rows import fit
from quetsach_portal.cases.models.notice import BatchState, NoticeBatch
from quetsach_portal.files.storage import path_of
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.people.models.account import User
from quetsach_portal.ranges import asking, table
from quetsach_portal.ranges.models import AllottedNotice, AllottedState
from quetsach_portal.ranges.sandboxed import ReadItem, read_notices
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused

MOST_ITEMS = 50_000


def hand_in(
    node: CampaignNode, *, upload: "UploadedFile[bytes]", due: datetime, actor: User
) -> NoticeBatch:
    """Keep the authority's file and ask for its allotting; units answer until `due`.

    Errors: Refused for a term that is over, and as `cases.notices.hand_in`.
    """
    if due <= timezone.now():
        raise Refused(_("This day is over. Choose a later one."), field="due")
    return case_notices.hand_in(
        node,
        upload=upload,
        source=NoticeBatch.Source.ALLOT,
        actor=actor,
        accounts={"due": due.isoformat()},
    )


def run(work: RunningJob) -> None:
    """Read a lead office's file and ask the units; a job's handler."""
    batch = (
        NoticeBatch.objects.select_related("node__unit", "node__campaign", "stored")
        .filter(pk=work.payload["batch"], state=BatchState.WAITING)
        .first()
    )
    if batch is None:
        return
    problem, items = "", []
    try:
        answer = read_notices(path_of(batch.stored))
        problem = answer.problem.replace(str(path_of(batch.stored)), batch.stored.name)
        items = msgspec.convert(answer.value or [], list[ReadItem])
    except (SandboxFailed, msgspec.ValidationError) as error:
        problem = _("The file could not be read (%(how)s).") % {"how": error}
    if len(items) > MOST_ITEMS:
        problem = _("It has more than %(most)s items.") % {"most": MOST_ITEMS}
    with work.finishing():
        if problem:
            NoticeBatch.objects.filter(pk=batch.pk).update(
                state=BatchState.FAILED, problem=fit(problem, 500), traced_at=timezone.now()
            )
        else:
            write(batch, items)


def write(batch: NoticeBatch, items: Sequence[ReadItem]) -> None:
    """Write the items of a file and ask the units about them. The caller holds the transaction."""
    rows = [
        AllottedNotice(
            batch=batch,
            number=one.number,
            at=one.at,
            days=one.days,
            address=fit(one.address, 60),
            port=one.port,
            remote=fit(one.remote, 255),
            family=fit(one.family, 200),
            outcome=AllotOutcome.REJECTED.value if one.reason else "",
            why=fit(one.reason, 300),
            state=AllottedState.REJECTED if one.reason else AllottedState.UNDECIDED,
        )
        for one in items
    ]
    AllottedNotice.objects.filter(batch=batch).delete()
    notices = AllottedNotice.objects.bulk_create(rows, batch_size=500)
    batch.state, batch.traced_at, batch.problem = BatchState.TRACED, timezone.now(), ""
    batch.items = len(notices)
    batch.save(update_fields=["state", "traced_at", "problem", "items"])
    counts = allot(batch, [notice for notice in notices if not notice.outcome], actor=None)
    case_notices.audit("notices.allotted", batch, None, {"items": len(notices), **counts})


def allot(
    batch: NoticeBatch, notices: Sequence[AllottedNotice], *, actor: User | None
) -> dict[str, int]:
    """Give each notice to whom the ranges name; return how many ended how.

    The caller holds the transaction.
    """
    ranges = table.table_of(batch.node.unit)
    nodes = asking.nodes_of_units(batch, _units_of(ranges))
    notices_by_node: dict[int, list[AllottedNotice]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    with translation.override("vi"):
        for notice in notices:
            for node in _allot_one(notice, ranges, nodes):
                notices_by_node[node.pk].append(notice)
            counts[notice.outcome] += 1
    AllottedNotice.objects.bulk_update(notices, ["outcome", "why", "state"], batch_size=500)
    by_id = {node.pk: node for node in nodes.values()}
    for node_id, some in notices_by_node.items():
        asking.forward(batch, by_id[node_id], some, actor)
    asking.refresh_lead_alert(batch)
    return dict(counts)


def _units_of(ranges: RangeTable) -> set[int]:
    return {int(one.unit) for one in ranges.ranges if one.unit.isdigit()}


def _allot_one(
    notice: AllottedNotice, ranges: RangeTable, nodes: dict[int, CampaignNode]
) -> list[CampaignNode]:
    """Write into the notice to whom it goes; return the nodes that are asked."""
    days = [date.fromisoformat(day) for day in notice.days]
    allotment = ranges.allot(notice.address, days)
    notice.outcome, notice.why = allotment.outcome.value, _why(allotment.reason)
    if allotment.outcome is AllotOutcome.NOT_OURS:
        notice.state = AllottedState.NOT_OURS
        return []
    found = [nodes[int(unit)] for unit in allotment.units if int(unit) in nodes]
    askable = [node for node in found if node.state in COUNTED]
    if len(askable) < len(allotment.units):
        # One that cannot be asked may be the one whose machine it was.
        notice.outcome, notice.why = (
            AllotOutcome.NOBODYS.value,
            _("a unit of this range does not take part in the campaign"),
        )
        askable = []
    notice.state = AllottedState.OPEN if askable else AllottedState.UNDECIDED
    return askable


def _why(reason: AllotReason) -> str:
    if reason is AllotReason.NO_RANGE:
        return _("no range holds the address on that day")
    if reason is AllotReason.CHANGED_HANDS:
        return _("its time can mean days on which the address was with different units")
    return ""


def allot_again(batch: NoticeBatch, *, actor: User) -> int:
    """Ask about what nobody has, by the ranges as they are now; return how many went somewhere."""
    with transaction.atomic():
        NoticeBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        rows = _undecided(batch).filter(outcome=AllotOutcome.NOBODYS.value)
        notices = list(rows.select_for_update(of=("self",)).order_by("number"))
        counts = allot(batch, notices, actor=actor)
        case_notices.audit("notices.allotted_again", batch, actor, counts)
    return len(notices) - counts.get(AllotOutcome.NOBODYS.value, 0)


def _undecided(batch: NoticeBatch) -> QuerySet[AllottedNotice]:
    return AllottedNotice.objects.filter(batch=batch, state=AllottedState.UNDECIDED)


def decide(batch: NoticeBatch, address: str, *, unit: OrgUnit | None, actor: User) -> int:
    """Decide about all open notices of an address: it is a unit's, or with None not ours.

    Returns how many. Errors: Refused for a unit that cannot be asked.
    """
    with transaction.atomic():
        NoticeBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        rows = _undecided(batch).filter(address=address)
        notices = list(rows.select_for_update(of=("self",)).order_by("number"))
        if not notices:
            raise Refused(_("This was decided already."))
        for notice in notices:
            notice.decided_by, notice.decided_at = actor, timezone.now()
            notice.state = AllottedState.NOT_OURS if unit is None else AllottedState.OPEN
        AllottedNotice.objects.bulk_update(notices, ["decided_by", "decided_at", "state"])
        if unit is not None:
            node = asking.nodes_of_units(batch, [unit.pk]).get(unit.pk)
            if node is None or node.state not in COUNTED:
                raise Refused(_("This unit does not take part in the campaign."), field="unit")
            _refuse_asked(notices, node)
            asking.forward(batch, node, notices, actor)
        asking.refresh_lead_alert(batch)
        detail = {"items": len(notices), "unit": 0 if unit is None else unit.pk}
        case_notices.audit("notices.decided", batch, actor, detail)
    return len(notices)


def _refuse_asked(notices: Iterable[AllottedNotice], node: CampaignNode) -> None:
    if any(notice.questions.filter(forwarding__node=node).exists() for notice in notices):
        raise Refused(_("This unit has answered already that it is not its address."), field="unit")
