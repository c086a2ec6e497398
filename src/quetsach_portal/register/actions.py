"""Acts on a unit's contacts, service desks and head counts, each with its audit row."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import (
    ContactSource,
    Desk,
    DeskRole,
    Headcount,
    OrgUnit,
    UnitContact,
)
from quetsach_portal.web.acts import Refused


def add_contact(
    unit: OrgUnit, *, role: str, person: str, mail: str, phone: str, by_unit: bool, actor: User
) -> UnitContact:
    """Return the new contact. Errors: Refused when the unit has the address for this already."""
    if not (mail or phone):
        raise Refused(_("Enter an e-mail address or a telephone number."), field="mail")
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        if mail and _open(unit, role, mail).exists():
            raise Refused(_("The unit already has this address for this task."), field="mail")
        contact = UnitContact.objects.create(
            unit=unit,
            role=role,
            person=person,
            mail=mail.lower(),
            phone=phone,
            source=ContactSource.UNIT if by_unit else ContactSource.MANUAL,
        )
        _note("contact.added", unit, contact.pk, actor)
    return contact


def change_contact(
    contact: UnitContact,
    *,
    role: str,
    person: str,
    mail: str,
    phone: str,
    by_unit: bool,
    actor: User,
) -> None:
    """Change a contact; a new address is used even where the old one had bounced."""
    if not (mail or phone):
        raise Refused(_("Enter an e-mail address or a telephone number."), field="mail")
    with transaction.atomic():
        locked = UnitContact.objects.select_for_update().get(pk=contact.pk)
        if mail and _open(locked.unit, role, mail).exclude(pk=locked.pk).exists():
            raise Refused(_("The unit already has this address for this task."), field="mail")
        if mail.lower() != locked.mail:
            locked.disabled_reason = ""
        locked.role, locked.person, locked.mail, locked.phone = role, person, mail.lower(), phone
        locked.source = ContactSource.UNIT if by_unit else ContactSource.MANUAL
        locked.save()
        _note("contact.changed", locked.unit, locked.pk, actor)


def end_contact(contact: UnitContact, *, actor: User) -> None:
    """End a contact today; it stays in the history."""
    with transaction.atomic():
        UnitContact.objects.filter(pk=contact.pk).update(valid_to=timezone.localdate())
        _note("contact.ended", contact.unit, contact.pk, actor)


def use_again(contact: UnitContact, *, actor: User) -> None:
    """Use an address that bounced again: a person has asked and it is right."""
    with transaction.atomic():
        UnitContact.objects.filter(pk=contact.pk).update(disabled_reason="")
        _note("contact.enabled", contact.unit, contact.pk, actor)


def set_desks(unit: OrgUnit, desks: Mapping[str, OrgUnit | None], *, actor: User) -> None:
    """Say which unit does each part of the work for `unit`; None for the unit itself."""
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        for role, served_by in desks.items():
            if served_by is None or served_by.pk == unit.pk:
                Desk.objects.filter(unit=unit, role=role).delete()
            else:
                Desk.objects.update_or_create(
                    unit=unit, role=DeskRole(role), defaults={"served_by": served_by}
                )
        served = {role: None if one is None else one.code for role, one in desks.items()}
        record(
            "unit.desks",
            actor=actor,
            kind="unit",
            object_id=unit.pk,
            detail=served,
            unit_path=unit.path,
        )


def set_headcount(
    unit: OrgUnit, *, staff_count: int, as_of: date, source_doc: str, actor: User
) -> None:
    """Write how many people work in `unit` as of a day."""
    if as_of > timezone.localdate():
        raise Refused(_("The day lies in the future."), field="as_of")
    with transaction.atomic():
        old = Headcount.objects.filter(unit=unit, as_of=as_of).first()
        Headcount.objects.update_or_create(
            unit=unit, as_of=as_of, defaults={"staff_count": staff_count, "source_doc": source_doc}
        )
        record(
            "unit.headcount",
            actor=actor,
            kind="unit",
            object_id=unit.pk,
            detail={"staff": [None if old is None else old.staff_count, staff_count]},
            unit_path=unit.path,
        )


def _open(unit: OrgUnit, role: str, mail: str) -> QuerySet[UnitContact]:
    return UnitContact.objects.filter(
        unit=unit, role=role, mail=mail.lower(), valid_to__isnull=True
    )


def _note(action: str, unit: OrgUnit, contact_id: int, actor: User | None) -> None:
    # Neither name nor number: the audit row says only that something changed, and for whom.
    record(
        action,
        actor=actor,
        kind="contact",
        object_id=contact_id,
        detail={"unit": unit.code},
        unit_path=unit.path,
    )
