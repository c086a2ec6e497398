"""Erase a person: the account keeps its number, and nothing outside the named grounds names her."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import record
from quetsach_portal.lifecycle.persons.grounds import ground_of, link_fields, text_fields
from quetsach_portal.lifecycle.persons.naming import (
    GONE,
    PersonNames,
    files_naming,
    named_person,
    rows_naming,
    without_person,
)
from quetsach_portal.mail.models import OutboxMail, OutboxState
from quetsach_portal.people import actions as people
from quetsach_portal.people.models.account import AccountNotice, KeptForm, User
from quetsach_portal.people.models.news import MailChoice, NewsMail, NewsReader, NewsReading
from quetsach_portal.people.models.roles import Invitation
from quetsach_portal.people.roles import actions as roles
from quetsach_portal.people.roles.access import not_ended
from quetsach_portal.units.models import UnitContact

_ROWS_OF_THE_ACCOUNT = (
    EmailAddress,
    Authenticator,
    SocialAccount,
    KeptForm,
    NewsReading,
    NewsMail,
    NewsReader,
)
"""They serve nobody but the person, and go whole."""


@dataclass
class ErasureReceipt:
    """What was erased and what stays, by field (app.Model.field) in rows; it names nobody.

    `stays` has the ground beside the rows, `links` the fields that lead to the account's number.
    `files` are names of folders of the home with the number of files in which the person is named.
    """

    account: int
    name_searched: bool
    erased: dict[str, int] = field(default_factory=dict)
    stays: dict[str, tuple[str, int]] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    trail_rows: int = 0
    files: dict[str, int] = field(default_factory=dict)
    backups_kept: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "account": self.account,
            "name_searched": self.name_searched,
            "erased": self.erased,
            "stays": {name: list(pair) for name, pair in self.stays.items()},
            "links": self.links,
            "trail_rows": self.trail_rows,
            "files": self.files,
            "backups_kept": self.backups_kept,
        }


def preview(user: User) -> ErasureReceipt:
    """Return what `erase` would erase and what would stay; nothing is changed."""
    person = named_person(user)
    receipt = _receipt(person)
    _count_links(receipt)
    for model, fields in text_fields().items():
        _note_all(receipt, Counter(_names_met(person, model, fields)))
    receipt.files = count_files(user)
    return receipt


def erase(
    user: User, *, actor: User | None, unit_path: str = "", files: Mapping[str, int] | None = None
) -> ErasureReceipt:
    """Erase what names `user`, end roles and sessions, and return the receipt.

    Links to the account stay: they lead to a number without name or address. Files on the disk are
    not changed: they are evidence, or documents that stay as they were signed.
    `files` is what `count_files` said before; without it they are counted here.
    Errors: Refused for the last owner of a lead office. Cost: a pass over every table with texts.
    """
    # Before the transaction: others write while files are read.
    counted = dict(count_files(user) if files is None else files)
    with transaction.atomic():
        account = User.objects.select_for_update().get(pk=user.pk)
        person = named_person(account)
        receipt = _receipt(person)
        for seat in not_ended().filter(user=account):
            roles.end(seat, actor=actor)
        _forget_sign_in(account, person, receipt)
        _forget_mails(account, person, receipt)
        _forget_account(account, person)
        for model, fields in text_fields().items():
            _note_all(receipt, _erase_in(person, model, fields))
        _count_links(receipt)
        record(
            "user.erased",
            actor=actor,
            kind="user",
            object_id=account.pk,
            unit_path=unit_path,
            detail={"fields": len(receipt.erased), "rows": sum(receipt.erased.values())},
        )
    receipt.files = counted
    return receipt


def _receipt(person: PersonNames) -> ErasureReceipt:
    receipt = ErasureReceipt(person.account, bool(person.name))
    receipt.trail_rows = AuditEvent.objects.filter(actor_id=person.account).count()
    receipt.backups_kept = settings.QUETSACH.backups_kept
    return receipt


def _note(receipt: ErasureReceipt, name: str, count: int) -> None:
    if not count:
        return
    ground = ground_of(name)
    if ground is None:
        receipt.erased[name] = receipt.erased.get(name, 0) + count
    else:
        receipt.stays[name] = (ground.value, count)


def _note_all(receipt: ErasureReceipt, counts: Mapping[str, int]) -> None:
    for name, count in counts.items():
        _note(receipt, name, count)


def _names_met(
    person: PersonNames, model: type[models.Model], fields: Mapping[str, Any]
) -> Iterator[str]:
    for _row_id, naming in rows_naming(person, model, fields):
        yield from naming


def _count_links(receipt: ErasureReceipt) -> None:
    for name, model, column in link_fields():
        count = model._base_manager.filter(**{column.name: receipt.account}).count()
        if count:
            receipt.links[name] = count


def _forget_sign_in(account: User, person: PersonNames, receipt: ErasureReceipt) -> None:
    people.end_sessions(account)
    for model in _ROWS_OF_THE_ACCOUNT:
        rows: models.QuerySet[Any] = model._base_manager.filter(user=account)
        _note(receipt, model._meta.label, rows.delete()[0])
    choices = MailChoice.objects.filter(address__in=person.emails)
    _note(receipt, "people.MailChoice.address", choices.delete()[0])
    links = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    for email in person.emails:
        links.filter(email__iexact=email).update(withdrawn_at=timezone.now())


def _forget_mails(account: User, person: PersonNames, receipt: ErasureReceipt) -> None:
    for email in person.emails:
        mine = OutboxMail.objects.filter(to__iexact=email)
        waiting = mine.filter(state=OutboxState.QUEUED)
        waiting.update(state=OutboxState.FAILED, reply=GONE, done_at=timezone.now())
        notices = mine.filter(purpose="account_notice").values("object_id")
        gone = AccountNotice.objects.filter(pk__in=notices).delete()[0]
        _note(receipt, "people.AccountNotice", gone)
        count = mine.update(to=person.gone_address)
        _note(receipt, "mail.OutboxMail.to", count)


def _forget_account(account: User, person: PersonNames) -> None:
    account.email, account.name, account.phone_last4 = person.gone_address, "", ""
    account.is_active, account.must_use_second_factor = False, False
    account.last_login = None
    account.set_unusable_password()
    account.save()


def _erase_in(
    person: PersonNames, model: type[models.Model], fields: Mapping[str, Any]
) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row_id, naming in list(rows_naming(person, model, fields)):
        counts.update(naming.keys())
        new = {
            fields[name].name: _in_field(content, person, fields[name])
            for name, content in naming.items()
            if ground_of(name) is None
        }
        if new:
            # Contacts are written through rows of their own, which settle their units.
            rows = UnitContact.objects if model is UnitContact else model._base_manager
            rows.filter(pk=row_id).update(**new)
    return counts


def _in_field(content: Any, person: PersonNames, field: Any) -> Any:
    if isinstance(content, str) and content.strip().lower() in person.emails:
        if field.model is UnitContact:
            # Nobody writes to a contact without an address.
            return ""
        # Where an address alone stood, an address stands: it leads nowhere.
        return person.gone_address
    new = without_person(content, person)
    return new[: field.max_length] if isinstance(new, str) else new


def count_files(user: User, tick: Callable[[], None] = lambda: None) -> dict[str, int]:
    """Return how many files name `user`, by folder of the home; `tick` is called for each."""
    folders: Counter[str] = Counter()
    for path in files_naming(named_person(user), settings.QUETSACH.home, tick):
        folders[path.parts[0]] += 1
    return dict(folders)


def is_erased(user: User) -> bool:
    """Return whether the account was erased: it has the address that leads nowhere."""
    return user.email == PersonNames(user.pk, (), "").gone_address
