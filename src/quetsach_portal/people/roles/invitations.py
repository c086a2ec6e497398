"""Acts on invitations: roles are given by one-time links (A11)."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.mail import outbox
from quetsach_portal.mail.message import MailDraft, MailNotNeeded
from quetsach_portal.mail.models import MailPurpose, OutboxMail, OutboxState
from quetsach_portal.people import actions as people
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Invitation, Role
from quetsach_portal.people.roles.access import may_give, running
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.people.roles.second_person import refuse_both_keys
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused

# One-time links: 256 bits that exist in the link alone; the database keeps their digest (A8, A11).


@dataclass(frozen=True)
class InvitationLink:
    """A new one-time link; `address` is shown once and kept nowhere."""

    nonce: str
    digest: str
    address: str


def new_link() -> InvitationLink:
    """Return a link that nobody can guess."""
    return link_from(secrets.token_urlsafe(32))


def link_from(nonce: str) -> InvitationLink:
    """Return the link that was made with `nonce`."""
    token = _token(nonce)
    return InvitationLink(nonce, digest_of(token), _address(token))


def digest_of(token: str) -> str:
    """Return what the database keeps of `token`."""
    return hashlib.sha256(token.encode()).hexdigest()


def _token(nonce: str) -> str:
    mac = hmac.new(settings.SECRET_KEY.encode(), f"rights.link:{nonce}".encode(), hashlib.sha256)
    return urlsafe_b64encode(mac.digest()).decode().rstrip("=")


def _address(token: str) -> str:
    path = reverse("invitation", kwargs={"token": token})
    return f"{settings.QUETSACH.public_url}{path}"


LASTS = timedelta(hours=72)
OPEN_AT_ONCE = 100
"""Open invitations of one unit; more is somebody who uses the portal to send mail."""


@dataclass(frozen=True)
class NewInvitation:
    """An invitation and its link, which is shown this once."""

    invitation: Invitation
    link: str

    @property
    def is_shown(self) -> bool:
        """False for a link to an existing account where mail works: only its owner gets it.

        Otherwise the person who manages the account could take it over.
        """
        return self.invitation.user_id is None or not settings.QUETSACH.smtp_host


def invite(
    *, unit: OrgUnit, email: str, role: Role, last_day: date | None, actor: User | None
) -> NewInvitation:
    """Invite the reader of `email` to `role` in `unit`, until the end of `last_day` if it is given.

    Errors: Refused when they have the role or are invited to it already.
    """
    address, link = email.strip().lower(), new_link()
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        _refuse_what_is_there(unit, address, role, last_day)
        invitation = Invitation.objects.create(
            unit=unit,
            email=address,
            role=role,
            valid_to=None if last_day is None else last_day + timedelta(days=1),
            nonce=link.nonce,
            digest=link.digest,
            invited_by=actor,
            expires_at=timezone.now() + LASTS,
        )
        _note("invitation.sent", invitation, actor)
        _enqueue_mail(invitation)
    return NewInvitation(invitation, link.address)


def link_to_account(*, user: User, unit: OrgUnit, actor: User) -> NewInvitation:
    """Create a one-time link by which `user` sets a new password."""
    link = new_link()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        Invitation.objects.filter(
            user=user, accepted_at__isnull=True, withdrawn_at__isnull=True
        ).update(withdrawn_at=timezone.now())
        invitation = Invitation.objects.create(
            unit=unit,
            email=user.email,
            user=user,
            nonce=link.nonce,
            digest=link.digest,
            invited_by=actor,
            expires_at=timezone.now() + LASTS,
        )
        _note("user.link-made", invitation, actor)
        refuse_both_keys(user, actor)
        _enqueue_mail(invitation)
    return NewInvitation(invitation, link.address)


def resend(invitation: Invitation, *, actor: User) -> NewInvitation:
    """Send a new link; the previous one stops working."""
    link = new_link()
    with transaction.atomic():
        # The mail before the row, as the sender locks them.
        outbox.cancel(MailPurpose.INVITATION, [invitation.pk])
        locked = _open_row(invitation)
        locked.nonce, locked.digest = link.nonce, link.digest
        locked.expires_at, locked.mailed_at = timezone.now() + LASTS, None
        locked.save(update_fields=["nonce", "digest", "expires_at", "mailed_at"])
        _note("invitation.sent-again", locked, actor)
        _enqueue_mail(locked)
    return NewInvitation(locked, link.address)


def withdraw(invitation: Invitation, *, actor: User) -> None:
    """Withdraw the invitation; its link stops working."""
    with transaction.atomic():
        outbox.cancel(MailPurpose.INVITATION, [invitation.pk])
        row = _open_row(invitation)
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
        _note("invitation.withdrawn", row, actor)


def invitation_by(token: str) -> Invitation | None:
    """Return the invitation whose link holds `token`, open or not."""
    rows = Invitation.objects.select_related("unit", "user")
    return rows.filter(digest=digest_of(token)).first()


def account_of(invitation: Invitation) -> User | None:
    """Return the account that the invited address has already."""
    return User.objects.filter(email=invitation.email).first()


def accept(
    invitation: Invitation, *, user: User | None = None, name: str = "", password: str = ""
) -> User:
    """Return the account that accepted: the signed-in `user`, or the new account.

    Errors: Refused when the link is used, withdrawn or too old, or is somebody else's.
    """
    try:
        with transaction.atomic():
            locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
            if not locked.is_open:
                raise Refused(_("This link has already been used or has expired."))
            _refuse_without_giver(locked)
            taker = _taker(locked, user, name, password)
            locked.accepted_at, locked.accepted_by = timezone.now(), taker
            locked.save(update_fields=["accepted_at", "accepted_by"])
            _note("invitation.accepted", locked, taker)
            if locked.role:
                _seat(locked, taker)
    except IntegrityError as raced:
        raise Refused(_("Somebody else has just done the same. Open the link again.")) from raced
    return taker


def _refuse_without_giver(invitation: Invitation) -> None:
    """Refuse a role that the inviter may no longer give: a person who left cannot let others in."""
    if invitation.invited_by is None:
        return
    scope = scope_of(invitation.invited_by)
    holds = (
        invitation.role in may_give(scope, invitation.unit)
        if invitation.role
        else scope.has_role(*Role)
    )
    if not holds:
        raise Refused(
            _(
                "The sender of this link no longer has the right to give it. "
                "Ask the unit for a new one."
            )
        )


def _taker(invitation: Invitation, user: User | None, name: str, password: str) -> User:
    if invitation.user is not None:
        people.give_password(invitation.user, password)
        return invitation.user
    there = account_of(invitation)
    if there is None:
        return people.open_account(email=invitation.email, name=name, password=password)
    if user is None or user.pk != there.pk:
        raise Refused(_("This address has an account. Sign in with it, then open the link again."))
    return there


def _seat(invitation: Invitation, taker: User) -> None:
    held = running().filter(
        user=taker, unit=invitation.unit, role=invitation.role, acting_for__isnull=True
    )
    if held.exists():
        return
    seat = Assignment.objects.create(
        user=taker,
        unit=invitation.unit,
        role=invitation.role,
        valid_to=invitation.valid_to,
        given_by=invitation.invited_by,
    )
    record(
        "assignment.begun",
        actor=taker,
        kind="assignment",
        object_id=seat.pk,
        unit_path=invitation.unit.path,
        detail={"role": ["", invitation.role], "user": ["", taker.pk]},
    )


def _refuse_what_is_there(unit: OrgUnit, address: str, role: Role, last_day: date | None) -> None:
    if last_day is not None and last_day < timezone.localdate():
        raise Refused(_("This day is in the past."), field="last_day")
    if running().filter(user__email=address, unit=unit, role=role, acting_for=None).exists():
        raise Refused(_("The person with this address already has the role."), field="email")
    waiting = Invitation.objects.filter(
        unit=unit, accepted_at__isnull=True, withdrawn_at__isnull=True
    )
    if waiting.filter(email=address, role=role).exists():
        raise Refused(
            _("This address has already been invited: send the link again from the list."),
            field="email",
        )
    if waiting.count() >= OPEN_AT_ONCE:
        raise Refused(_("Too many invitations are open here. Withdraw some first."))


def _open_row(invitation: Invitation) -> Invitation:
    row = Invitation.objects.select_for_update().select_related("unit").get(pk=invitation.pk)
    if row.accepted_at is not None or row.withdrawn_at is not None:
        raise Refused(_("This invitation has since been accepted or withdrawn."))
    return row


def _enqueue_mail(row: Invitation) -> None:
    outbox.enqueue(MailPurpose.INVITATION, row.pk, row.email, key=_mail_key(row))


def _mail_key(row: Invitation) -> str:
    # Each new link has a mail of its own.
    return f"invitation:{row.pk}:{row.digest[:16]}"


def _note(action: str, invitation: Invitation, actor: User | None) -> None:
    until = None if invitation.valid_to is None else invitation.valid_to.isoformat()
    record(
        action,
        actor=actor,
        kind="invitation",
        object_id=invitation.pk,
        unit_path=invitation.unit.path,
        detail={"role": invitation.role, "until": until},
    )


# The mail with the link of an invitation.


def compose(invitation_id: int) -> MailDraft:
    """Return the mail with the link. Errors: MailNotNeeded when it was used, withdrawn or sent."""
    rows = Invitation.objects.select_related("unit", "user", "invited_by")
    invitation = rows.get(pk=invitation_id)
    if not invitation.is_open or invitation.mailed_at is not None:
        raise MailNotNeeded("the invitation is closed, or its link was sent")
    language = "vi" if invitation.user is None else invitation.user.language
    with translation.override(language):
        subject = (
            _("Your access to quét sạch")
            if invitation.user is not None
            else _("Invitation to quét sạch: %(unit)s") % {"unit": invitation.unit}
        )
        body = render_to_string("rights/mails/invitation.txt", _words(invitation))
    return MailDraft(subject, body, language)


def observe(mails: Sequence[OutboxMail]) -> None:
    """Note when the link of an invitation was sent; the mail of an older link does not count."""
    for mail in mails:
        row = Invitation.objects.filter(pk=mail.object_id).first()
        if mail.state == OutboxState.SENT and row is not None and mail.key == _mail_key(row):
            Invitation.objects.filter(pk=row.pk, digest=row.digest).update(mailed_at=mail.done_at)


def _words(invitation: Invitation) -> dict[str, object]:
    return {
        "invitation": invitation,
        "role": Role(invitation.role).label if invitation.role else "",
        "link": link_from(invitation.nonce).address,
    }
