"""Acts on accounts."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.people.models.account import User
from quetsach_portal.people.notices import notify
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.plain_text import one_line


def choose_language(user: User, language: str) -> None:
    """Keep the language in which `user` reads the portal."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(language=language)


def change_profile(user: User, *, name: str, language: str) -> None:
    """Give `user` another name or language."""
    name = one_line(name)
    with transaction.atomic():
        account = User.objects.select_for_update().get(pk=user.pk)
        if account.name != name:
            changed = {"name": [account.name, name]}
            record("user.renamed", actor=account, kind="user", object_id=account.pk, detail=changed)
        account.name, account.language = name, language
        account.save(update_fields=["name", "language"])


def open_account(*, email: str, name: str, password: str | None, language: str = "vi") -> User:
    """Return a new account whose address counts as verified: its invitation went there.

    Without a password nobody can sign in to it yet.
    Errors: IntegrityError when the address has one already.
    """
    with transaction.atomic():
        user = User.objects.create_user(email, password, name=one_line(name), language=language)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        record("user.opened", actor=user, kind="user", object_id=user.pk)
    return user


def give_password(user: User, password: str) -> None:
    """Give `user` another password; whoever is signed in with the old one is signed out."""
    with transaction.atomic():
        account = User.objects.select_for_update().get(pk=user.pk)
        account.set_password(password)
        account.save(update_fields=["password"])
        record("user.password-given", actor=account, kind="user", object_id=account.pk)
        end_sessions(account)


def disable(user: User, *, actor: User, unit_path: str = "") -> None:
    """Let `user` in no more, and end all their sessions (A5)."""
    with transaction.atomic():
        account = User.objects.select_for_update().get(pk=user.pk)
        if not account.is_active:
            raise Refused(_("This account is already disabled."))
        account.is_active = False
        account.save(update_fields=["is_active"])
        record("user.disabled", actor=actor, kind="user", object_id=account.pk, unit_path=unit_path)
        notify(account, actor, "switched_off")
        end_sessions(account)


def enable(user: User, *, actor: User, unit_path: str = "") -> None:
    """Let `user` in again."""
    with transaction.atomic():
        account = User.objects.select_for_update().get(pk=user.pk)
        if account.is_active:
            raise Refused(_("This account is already enabled."))
        account.is_active = True
        account.save(update_fields=["is_active"])
        record("user.enabled", actor=actor, kind="user", object_id=account.pk, unit_path=unit_path)
        notify(account, actor, "switched_on")


def drop_factors(user: User, *, actor: User, unit_path: str = "") -> None:
    """Take all second factors from `user`, who lost them, and end their sessions."""
    with transaction.atomic():
        account = User.objects.select_for_update().get(pk=user.pk)
        gone = Authenticator.objects.filter(user=account)
        detail = {"factors": [gone.count(), 0]}
        gone.delete()
        record(
            "user.factors-dropped",
            actor=actor,
            kind="user",
            object_id=account.pk,
            unit_path=unit_path,
            detail=detail,
        )
        notify(account, actor, "factors_dropped")
        end_sessions(account)


def end_sessions(user: User) -> None:
    """Sign `user` out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()
