"""What allauth asks the portal about accounts: no sign-up, slow guessing, mails by jobs."""

import base64
import hashlib
import logging
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from quetsach.api.problems import QuetsachError
from quetsach_portal.audit.record import client_ip
from quetsach_portal.audit.witness import WitnessResult, give_witness, take_witness
from quetsach_portal.people.directory.accounts import (
    bind_at_first_sign_in,
    directory_in_use,
    proof_by_directory,
    signs_in_there_alone,
)
from quetsach_portal.people.directory.signing_in import confirm_there
from quetsach_portal.people.kept_forms import mark_browser
from quetsach_portal.people.login_delay import (
    FREE_TRIES_OF_ADDRESS,
    address_key,
    begins_to_wait,
    forgive,
    key_of,
    know_browser,
    take_back,
    take_try,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment
from quetsach_portal.people.notices import enqueue_notice
from quetsach_portal.people.other_system import refuse_other_answer
from quetsach_portal.people.roles.access import NEEDS_SECOND_FACTOR
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.people.sessions import begin_session, renew_number, was_confirmed_recently
from quetsach_portal.people.sign_in_trail import (
    FACTOR_CHANGES,
    note_account,
    note_failure,
    note_sign_in,
)

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts come from invitations alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """False: an account begins with an invitation."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that our own middleware believes (R4)."""
        return client_ip.get() or "0.0.0.0"  # noqa: S104  # stands for "not known"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try. Errors: ValidationError when it comes too soon after many others."""
        email = str(credentials.get("email", ""))
        here = address_key(client_ip.get())
        if not take_try(key_of(email, request.COOKIES)) or not (
            _is_known(request, email) or take_try(here, FREE_TRIES_OF_ADDRESS)
        ):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return the user with these credentials, and reset the failure count.

        Errors: ValidationError for the right password of who signs in at the directory alone.
        """
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            email = str(credentials.get("email", ""))
            forgive(key_of(email, request.COOKIES))
            if not _is_known(request, email):
                take_back(address_key(client_ip.get()))
            if signs_in_there_alone(user):
                name = directory_in_use().name
                raise ValidationError(
                    _("This account signs in with %(name)s.") % {"name": name}, code="directory"
                )
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write a wrong password of a known account into its trail."""
        email = str(credentials.get("email", ""))
        note_failure(email, "password", is_slowed=begins_to_wait(key_of(email, request.COOKIES)))

    def reauthenticate(self, user: User, password: str) -> bool:
        """True when `password` is that of `user`; their session has another number then.

        Who signed in at the directory proves it there.
        """
        proof = proof_by_directory(context.request, user)
        if proof is not None and settings.QUETSACH.directory is not None:
            login = str(proof["login"])
            is_theirs = confirm_there(context.request, user, login=login, password=password)
        else:
            found = self.authenticate(context.request, email=user.email, password=password)
            is_theirs = found is not None and found.pk == user.pk
        if is_theirs:
            renew_number(context.request)
        return is_theirs

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the session, after all factors; who comes by the directory is bound now."""
        bind_at_first_sign_in(request, user)
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Answer a sign-in; the browser is known from now on, and carries the trail's head."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        know_browser(request, response, user.email)
        mark_browser(response, user)
        note_sign_in(request, user)
        begin_session(request, leads=scope_of(user).has_role(*NEEDS_SECOND_FACTOR))
        try:
            self._witness(request, response, user)
        except QuetsachError as error:
            # Nobody is kept out because the portal's own key cannot be read.
            log.error("the head of the trail is not given: %s", error)
        return response

    def logout(self, request: HttpRequest) -> None:
        """End the session, and say so in the trail."""
        if request.user.is_authenticated:
            note_account("user.signed-out", request.user)
        super().logout(request)

    def _witness(self, request: HttpRequest, response: HttpResponse, user: User) -> None:
        """Hold what the browser carries against the trail, and let it carry the head of now."""
        if take_witness(request, user, _unit_path(user)) is WitnessResult.DIFFERS:
            messages.error(
                request,
                _(
                    "Your browser carries another row of the audit trail than this portal has. "
                    "Please tell the office that checks this portal, and do not clear the cookies."
                ),
            )
        else:
            give_witness(response)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """True when allauth's own sensitive pages must ask again: after ten minutes, as ours do."""
        return not was_confirmed_recently(context.request)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Return how `user` may prove who they are: by the second factor where there is one."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        factors = [one for one in methods if one["id"] != "reauthenticate"]
        return factors or methods

    def format_email_subject(self, subject: str) -> str:
        """Return `subject` with the portal's name."""
        return f"[quét sạch] {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Enqueue a mail that informs a person of a change to their account."""
        mail = self.render_mail(template_prefix, email, context)
        with transaction.atomic():
            language = translation.get_language() or settings.LANGUAGE_CODE
            enqueue_notice(email, str(mail.subject), str(mail.body), language=language)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell `user` by mail, and the trail, that a password or factor of theirs changed."""
        if action := FACTOR_CHANGES.get(template_prefix):
            note_account(action, user)
        super().send_notification_mail(
            template_prefix, user, {**(context or {}), "user": user}, email or user.email
        )


def _is_known(request: HttpRequest, email: str) -> bool:
    """True for a browser that counts by itself: its tries do not count by network address."""
    return key_of(email, request.COOKIES) != key_of(email, {})


# What allauth asks the portal about second factors: their secrets are kept encrypted.


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """A copy of the database alone makes no codes."""

    def encrypt(self, text: str) -> str:
        """Return `text` so that only this portal reads it."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what `encrypt` was given."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code of `url` as an SVG picture."""
        picture = BytesIO()
        code = segno.make(url, error="m", micro=False)
        code.save(picture, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False)
        return picture.getvalue().decode()


def _box() -> Fernet:
    key = hashlib.sha256(b"people.factors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


# Signing in by another system (OIDC) opens an account that was invited, and never makes one.


class OtherAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # no types there
    """Only a verified address of an invited account leads in, and from then on the same person.

    A system may give an address to somebody else later; `sub` it gives to nobody else.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """False: an account requires an invitation."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Take the answer to the question of this browser alone. Errors: OAuth2Error."""
        refuse_other_answer(sociallogin)

    def new_user(self, request: HttpRequest, sociallogin: Any) -> Any:
        """Let who comes be known by issuer and `sub` together, before their account is looked up.

        An account that an earlier version bound by `sub` alone is bound anew if its issuer agrees.
        """
        account = sociallogin.account
        told = account.extra_data.get("id_token") or {}
        issuer = str(told.get("iss") or sociallogin.provider.app.settings["server_url"])
        by_both = hashlib.sha256(f"{issuer}\n{account.uid}".encode()).hexdigest()
        of_old = SocialAccount.objects.filter(provider=account.provider, uid=account.uid)
        of_old.filter(extra_data__id_token__iss=issuer).update(uid=by_both)
        account.uid = by_both
        return super().new_user(request, sociallogin)

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """True when the system calls the address verified and nobody is bound to the account."""
        said = login.account.get_provider_account().get_user_data() or {}
        if said.get("email_verified") is not True:
            return False
        bound = SocialAccount.objects.filter(user__email=email.lower())
        return not bound.exists() and bool(super().can_authenticate_by_email(login, email))


def _unit_path(user: User) -> str:
    """Return the path of the unit in which the person works now, the highest of several; ""."""
    day = timezone.localdate()
    now = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    seats = Assignment.objects.filter(now, user=user).order_by("unit__depth", "pk")
    return seats.values_list("unit__path", flat=True).first() or ""
