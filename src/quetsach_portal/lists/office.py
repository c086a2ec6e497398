"""Names and addresses that the office vouches for: never accused or blocked, by two people."""

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api.holding import keys_in
from quetsach.api.problems import QuetsachError
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.actions.state import locked
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.lists.deciding import ask_to_renew
from quetsach_portal.lists.models import OfficeRow, OfficeRowKind
from quetsach_portal.lists.receiving import TAKES, in_force
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.web.acts import Refused

MOST_ROWS = 500
MOST_BYTES = 200_000
MOST_NAMED = 5


def rows_of(campaign: Campaign) -> QuerySet[OfficeRow]:
    """Return the rows that stand or wait, by kind."""
    rows = OfficeRow.objects.filter(campaign=campaign, ended_at__isnull=True)
    return rows.select_related("by", "approved_by", "end_asked_by").order_by("kind", "text", "pk")


def waiting_for(campaign: Campaign, person: User) -> tuple[int, int]:
    """Return how many rows wait for a second person: those that `person` can decide on, and own."""
    open_rows = _waiting(campaign)
    own = open_rows.filter(_asked_by(person)).count()
    return open_rows.count() - own, own


def _waiting(campaign: Campaign) -> QuerySet[OfficeRow]:
    return rows_of(campaign).filter(Q(approved_at=None) | Q(end_asked_by__isnull=False))


def _asked_by(person: User) -> Q:
    return Q(approved_at=None, by=person) | Q(approved_at__isnull=False, end_asked_by=person)


def lines_in(raw: bytes) -> list[str]:
    """Return the rows of a text file, without remarks after "#". Errors: Refused when too long."""
    if len(raw) > MOST_BYTES:
        raise Refused(_("The file is larger than 200 kB."), field="upload")
    lines = raw.decode("utf-8-sig", "replace").splitlines()
    texts = [line.partition("#")[0].strip() for line in lines]
    return [text for text in texts if text]


def add(
    campaign: Campaign, texts: Sequence[str], *, kind: str, reason: str, actor: User
) -> list[OfficeRow]:
    """Return the new rows, which wait for a second person; rows that are there stay as they are.

    Errors: Refused without a reason, for none, for too many, and for what is no name or address:
    then none is added.
    """
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Refused(_("Give a reason."), field="reason")
    wrong = [text[:60] for text in texts if not _is_row(text)]
    if wrong:
        more = " …" if len(wrong) > MOST_NAMED else ""
        raise Refused(
            _("Nothing was added. Neither a name nor an address: %(rows)s")
            % {"rows": "; ".join(wrong[:MOST_NAMED]) + more},
            field="rows",
        )
    with transaction.atomic():
        campaign = locked(campaign, *TAKES)
        before = rows_of(campaign).filter(kind=kind)
        texts_before = set(before.values_list("text", flat=True))
        fresh = [text for text in dict.fromkeys(map(_normal, texts)) if text not in texts_before]
        if not fresh:
            raise Refused(_("There is nothing new in it."), field="rows")
        if len(texts_before) + len(fresh) > MOST_ROWS:
            raise Refused(_("The list takes 500 rows."), field="rows")
        rows = OfficeRow.objects.bulk_create(
            OfficeRow(
                campaign=campaign, kind=OfficeRowKind(kind), text=text, reason=reason, by=actor
            )
            for text in fresh
        )
        _audit("list.office_added", campaign, actor, kind=kind, rows=len(rows))
    return rows


def _is_row(text: str) -> bool:
    try:
        return len(keys_in(text)) == 1 and len(text) <= 300
    except QuetsachError:
        return False


def _normal(text: str) -> str:
    return keys_in(text)[0]


def approvable(rows: Iterable[OfficeRow], person: User) -> list[str]:
    """Return what `person` can approve of `rows`, each with what is asked, for `approve`."""
    return [_asked_of(row) for row in rows if _asker_of(row) not in (None, person.pk)]


def _asked_of(row: OfficeRow) -> str:
    return f"{row.pk}:{'new' if row.approved_at is None else 'end'}"


def _asker_of(row: OfficeRow) -> int | None:
    return row.by_id if row.approved_at is None else row.end_asked_by_id


def approve(campaign: Campaign, shown: Collection[str], *, actor: User) -> int:
    """Let what others added or asked to end take effect now; return how many rows.

    Shapes: `shown` is what the person saw, as `approvable` returns it; nothing else is approved.
    Errors: Refused where nothing waits but one's own, where a row of `shown` no longer waits, and
    for two accounts of one hand.
    """
    with transaction.atomic():
        campaign = locked(campaign, *TAKES)
        open_rows = _waiting(campaign)
        of_others = list(open_rows.exclude(_asked_by(actor)).select_for_update(of=("self",)))
        if not of_others:
            if open_rows.exists():
                raise Refused(_("Somebody else has to approve what you asked for."))
            raise Refused(_("Nothing waits for a second person."))
        rows = [row for row in of_others if _asked_of(row) in shown]
        if not rows or len(rows) < len(set(shown)):
            raise Refused(
                _("The rows have changed since you were shown them: look at them once more.")
            )
        for asker in sorted({_asker_of(row) or 0 for row in rows}):
            refuse_same_hand(asker, actor)
        now = timezone.now()
        for office_row in rows:
            if office_row.approved_at is None:
                office_row.approved_by, office_row.approved_at = actor, now
            else:
                office_row.ended_by, office_row.ended_at = actor, now
        fields = ("approved_by", "approved_at", "ended_by", "ended_at")
        OfficeRow.objects.bulk_update(rows, fields)
        _audit("list.office_approved", campaign, actor, rows=len(rows))
        _take_effect(campaign, rows)
    return len(rows)


def _take_effect(campaign: Campaign, rows: Sequence[OfficeRow]) -> None:
    used = in_force(campaign.pk)
    if used is not None:
        ask_to_renew(used)
    if any(office_row.kind == OfficeRowKind.BLOCK for office_row in rows):
        enqueue(
            "lists.make",
            key=f"lists.make:office:{campaign.pk}:{timezone.now().timestamp()}",
            unit_path=campaign.lead_unit.path,
        )


def end(office_row: OfficeRow, *, actor: User) -> None:
    """Ask that a row goes; one that waits is taken back at once by the person who added it.

    Errors: Refused where that was asked already.
    """
    with transaction.atomic():
        campaign = locked(office_row.campaign, *TAKES)
        office_row = OfficeRow.objects.select_for_update(of=("self",)).get(pk=office_row.pk)
        if office_row.ended_at is not None or office_row.end_asked_by_id is not None:
            raise Refused(_("This was asked already."))
        office_row.end_asked_by = actor
        if office_row.approved_at is None:
            office_row.ended_by, office_row.ended_at = actor, timezone.now()
        office_row.save(update_fields=["end_asked_by", "ended_by", "ended_at"])
        _audit("list.office_ended", campaign, actor, rows=1)


def _audit(action: str, campaign: Campaign, actor: User, **detail: object) -> None:
    record(
        action,
        actor=actor,
        kind="campaign",
        object_id=campaign.pk,
        unit_path=campaign.lead_unit.path,
        detail=detail,
    )
