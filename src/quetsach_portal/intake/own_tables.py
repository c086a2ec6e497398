"""What a unit knows and vouches with: its own tables, its keys; and the lead office's rules."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api.problems import QuetsachError
from quetsach.api.signing import read_public
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.files.actions import FileUpload, accept_upload
from quetsach_portal.files.models import FilePurpose
from quetsach_portal.intake.looked import enqueue_inventory
from quetsach_portal.intake.models import IntakeRules, OwnTable, TableKind, UnitKey
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused

MOST_TABLES = 100
MOST_KEYS = 20
_WORKBOOKS = (TableKind.INVENTORY, TableKind.PLAN)


def purpose_of(kind: str) -> str:
    """Return what a table's file is for: a workbook is checked at once, records like logs."""
    return FilePurpose.REGISTER if TableKind(kind) in _WORKBOOKS else FilePurpose.EVIDENCE


def add_table(
    unit: OrgUnit, *, kind: str, upload: FileUpload, as_of: date, actor: User
) -> OwnTable:
    """Return the table that sweeps of the unit use from now on. Errors: Refused."""
    if as_of > timezone.localdate():
        raise Refused(_("The day is in the future."), field="as_of")
    stored = accept_upload(upload, purpose=purpose_of(kind), owner_path=unit.path, actor=actor)
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        if OwnTable.objects.filter(unit=unit, ended_at=None).count() >= MOST_TABLES:
            raise Refused(_("There are too many tables. End those that are no longer used."))
        row = OwnTable.objects.create(
            unit=unit, kind=TableKind(kind), file=stored, as_of=as_of, added_by=actor
        )
        detail = {"kind": kind, "as_of": as_of.isoformat(), "sha256": stored.sha256}
        _audit("table.added", row, actor, detail)
        enqueue_inventory(row)
    return row


def end_table(table: OwnTable, *, actor: User) -> None:
    """Let sweeps use the table no more; doing it twice changes nothing."""
    with transaction.atomic():
        if OwnTable.objects.filter(pk=table.pk, ended_at=None).update(ended_at=timezone.now()):
            _audit("table.ended", table, actor)


def add_key(unit: OrgUnit, *, pem: str, actor: User) -> UnitKey:
    """Return the key that vouches for findings of the unit from now on. Errors: Refused."""
    try:
        key = read_public(pem.encode(), _("the key"))
    except QuetsachError as error:
        problem = error.problem
        raise Refused(f"{problem.what()}. {problem.todo()}", field="pem") from error
    try:
        with transaction.atomic():
            OrgUnit.objects.select_for_update().get(pk=unit.pk)
            if UnitKey.objects.filter(unit=unit, ended_at=None).count() >= MOST_KEYS:
                raise Refused(_("There are too many keys. End those that are no longer used."))
            row = UnitKey.objects.create(
                unit=unit, key_id=key.key_id, owner=key.owner[:200], pem=pem, added_by=actor
            )
            _audit("unit_key.added", row, actor, {"key": row.key_id})
    except IntegrityError as error:
        raise Refused(_("This key is already registered."), field="pem") from error
    return row


def end_key(key: UnitKey, *, actor: User) -> None:
    """Let the key vouch for nothing new; what it vouched for stays."""
    with transaction.atomic():
        if UnitKey.objects.filter(pk=key.pk, ended_at=None).update(ended_at=timezone.now()):
            _audit("unit_key.ended", key, actor, {"key": key.key_id})


def set_rules(campaign: Campaign, *, actor: User, **rules: int) -> None:
    """Decide for a campaign what unsigned findings are worth, and how long raw logs stay.

    Shapes: `rules` are the fields of IntakeRules.
    """
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        old = IntakeRules.objects.filter(campaign=campaign).first() or IntakeRules()
        record(
            "intake.rules",
            actor=actor,
            kind="campaign",
            object_id=campaign.pk,
            detail={name: [getattr(old, name), value] for name, value in rules.items()},
            unit_path=campaign.lead_unit.path,
        )
        IntakeRules.objects.update_or_create(campaign=campaign, defaults=rules)


def _audit(
    action: str, row: OwnTable | UnitKey, actor: User, detail: dict[str, str] | None = None
) -> None:
    record(
        action,
        actor=actor,
        kind="own_table" if isinstance(row, OwnTable) else "unit_key",
        object_id=row.pk,
        detail=detail,
        unit_path=row.unit.path,
    )
