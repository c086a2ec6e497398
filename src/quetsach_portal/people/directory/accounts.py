"""Whose account a person of the directory has here: bound once, and by the directory's id for good.

The rule is that of the other system (OpenID Connect): an account begins with an invitation. At the
first sign-in the directory's address says which one is meant, if nobody is bound to it yet; it is
bound after all factors of the account were proven, and from then on the address opens nothing.
"""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect

from quetsach_portal.audit.record import record
from quetsach_portal.people.directory.answers import DirectoryPerson
from quetsach_portal.people.directory.settings import DirectorySettings
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of

PROVIDER = "ldap"
"""What the binding's row has for a provider."""

METHOD = "directory"
"""What a sign-in by the directory is called in the session and in the trail."""


@dataclass(frozen=True)
class DirectoryAccount:
    """The account of a person of the directory, and whether they are bound to it already."""

    user: User
    is_bound: bool


def directory_in_use() -> DirectorySettings:
    """Return the directory of this portal, where a caller knows that there is one."""
    directory: DirectorySettings | None = settings.QUETSACH.directory
    assert directory is not None, "pages of a directory are 404 without one"
    return directory


def number_of(directory: DirectorySettings, person: DirectoryPerson) -> str:
    """Return by what a binding is known: the attribute and its value."""
    return f"{directory.id_attribute}:{person.id}"


def account_of(directory: DirectorySettings, person: DirectoryPerson) -> DirectoryAccount | None:
    """Return the account that `person` opens, if there is one; None for an address of several."""
    bound = bound_to(number_of(directory, person))
    if bound is not None:
        return DirectoryAccount(bound, is_bound=True)
    by_address = User.objects.filter(email__in=person.mails)[:2]
    if len(by_address) != 1 or is_bound(by_address[0]):
        return None
    return DirectoryAccount(by_address[0], is_bound=False)


def bound_to(number: str) -> User | None:
    """Return whose account is bound to this person of the directory."""
    rows = SocialAccount.objects.filter(provider=PROVIDER, uid=number).select_related("user")
    row = rows.first()
    return None if row is None else row.user


def is_bound(user: User) -> bool:
    """True when somebody of the directory, or of the other system, is bound to the account."""
    return bool(SocialAccount.objects.filter(user=user).exists())


def address_for_trail(directory: DirectorySettings, person: DirectoryPerson | None) -> str:
    """Return the address of the account that a failed sign-in was meant for; "" for none."""
    account = None if person is None or not person.id else account_of(directory, person)
    return "" if account is None else account.user.email


def signs_in_there_alone(user: User) -> bool:
    """True when the password kept here opens nothing: the directory decides who gets in.

    An owner of a lead office keeps theirs, for the days when the directory is away.
    """
    if settings.QUETSACH.directory is None:
        return False
    rows = SocialAccount.objects.filter(user=user, provider=PROVIDER)
    return rows.exists() and not scope_of(user).has_role(Role.LEAD_OWNER)


def proof_by_directory(request: HttpRequest, user: User) -> dict[str, Any] | None:
    """Return with which name and number the person of this session signed in at the directory."""
    for proof in get_authentication_records(request, user):
        if proof.get("method") == METHOD:
            return dict(proof)
    return None


def bind_at_first_sign_in(request: HttpRequest, user: User) -> None:
    """Bind `user` to whom the directory proved in this session, unless they are bound.

    Errors: ImmediateHttpResponse where somebody else was bound meanwhile.
    """
    proof = proof_by_directory(request, user)
    if proof is None:
        return
    number = str(proof["number"])
    with transaction.atomic():
        account = User.objects.select_for_update().get(pk=user.pk)
        bound = bound_to(number)
        if bound == account:
            return
        if bound is not None or is_bound(account):
            raise ImmediateHttpResponse(redirect("account_signup"))
        SocialAccount.objects.create(user=account, provider=PROVIDER, uid=number)
        get_adapter().send_notification_mail(
            "socialaccount/email/account_connected",
            account,
            {"provider": directory_in_use().name},
        )


def unbind(email: str) -> bool:
    """Free the account for another person of the directory; False where nobody was bound."""
    with transaction.atomic():
        rows = SocialAccount.objects.filter(user__email=email, provider=PROVIDER)
        bound = rows.first()
        if bound is None:
            return False
        bound.delete()
        record("user.unbound-elsewhere", actor=None, kind="user", object_id=bound.user_id)
    return True
