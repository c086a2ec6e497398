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


def choose_language(user: User, language: str) -> None:
    """Keep the language in which `user` reads the portal."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(language=language)


def change_profile(user: User, *, name: str, language: str) -> None:
    """Give `user` another name or language."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        if row.name != name:
            changed = {"name": [row.name, name]}
            record("user.renamed", actor=row, kind="user", object_id=row.pk, detail=changed)
        row.name, row.language = name, language
        row.save(update_fields=["name", "language"])


def open_account(*, email: str, name: str, password: str, language: str = "vi") -> User:
    """Return a new account whose address counts as verified: its invitation went there.

    Errors: IntegrityError when the address has one already.
    """
    with transaction.atomic():
        user = User.objects.create_user(email, password, name=name, language=language)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        record("user.opened", actor=user, kind="user", object_id=user.pk)
    return user


def give_password(user: User, password: str) -> None:
    """Give `user` another password; whoever is signed in with the old one is signed out."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        row.set_password(password)
        row.save(update_fields=["password"])
        record("user.password-given", actor=row, kind="user", object_id=row.pk)
        end_sessions(row)


def disable(user: User, *, actor: User, unit_path: str = "") -> None:
    """Let `user` in no more, and end all their sessions (A5)."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        if not row.is_active:
            raise Refused(_("This account is switched off already."))
        row.is_active = False
        row.save(update_fields=["is_active"])
        record("user.disabled", actor=actor, kind="user", object_id=row.pk, unit_path=unit_path)
        notify(row, actor, "switched_off")
        end_sessions(row)


def enable(user: User, *, actor: User, unit_path: str = "") -> None:
    """Let `user` in again."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        if row.is_active:
            raise Refused(_("This account is switched on already."))
        row.is_active = True
        row.save(update_fields=["is_active"])
        record("user.enabled", actor=actor, kind="user", object_id=row.pk, unit_path=unit_path)
        notify(row, actor, "switched_on")


def drop_factors(user: User, *, actor: User, unit_path: str = "") -> None:
    """Take all second factors from `user`, who lost them, and end their sessions."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        gone = Authenticator.objects.filter(user=row)
        detail = {"factors": [gone.count(), 0]}
        gone.delete()
        record(
            "user.factors-dropped",
            actor=actor,
            kind="user",
            object_id=row.pk,
            unit_path=unit_path,
            detail=detail,
        )
        notify(row, actor, "factors_dropped")
        end_sessions(row)


def end_sessions(user: User) -> None:
    """Sign `user` out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()
