"""What allauth asks the portal about accounts: no sign-up, slow guessing, mails by jobs."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from quetsach_portal.audit.record import client_ip
from quetsach_portal.people.mailing import ask_to_mail
from quetsach_portal.people.models import User
from quetsach_portal.people.proof import was_confirmed_recently
from quetsach_portal.people.slowing import forgive, key_of, know_browser, take_try


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
        if not take_try(key_of(str(credentials.get("email", "")), request.COOKIES)):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return who has these credentials, and forget their failures."""
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            forgive(key_of(str(credentials.get("email", "")), request.COOKIES))
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        """True when `password` is that of `user`."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Answer a sign-in, and know the browser from now on."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        know_browser(request, response, user.email)
        return response

    def is_reauthentication_required(self, *, app: str) -> bool:
        """True when allauth's own weighty pages ask again: as ours do, ten minutes later."""
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
        """Ask for a mail that tells its reader what was done to their account."""
        mail = self.render_mail(template_prefix, email, context)
        with transaction.atomic():
            ask_to_mail(email, str(mail.subject), str(mail.body))

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell `user` by mail that a password or a factor of theirs was changed."""
        super().send_notification_mail(
            template_prefix, user, {**(context or {}), "user": user}, email or user.email
        )
