"""Signing in and out, wrong passwords and codes, and changes of factors, in the audit trail.

Only of accounts that exist: what strangers type is no part of it, and is slowed elsewhere, so that
nobody can fill the trail.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.db import transaction
from django.http import HttpRequest

from quetsach_portal.audit.record import client_ip, record, shortened
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.people.models.account import User

FACTOR_CHANGES: Mapping[str, str] = {
    "account/email/password_changed": "user.password-changed",
    "account/email/password_reset": "user.password-changed",
    "mfa/email/totp_activated": "user.factor-added",
    "mfa/email/totp_deactivated": "user.factor-removed",
    "mfa/email/webauthn_added": "user.factor-added",
    "mfa/email/webauthn_removed": "user.factor-removed",
    "mfa/email/recovery_codes_generated": "user.spare-codes-made",
    "socialaccount/email/account_connected": "user.bound-elsewhere",
}
"""Of which change allauth tells the person, by the name of the mail: the act in the trail."""


def note_account(action: str, user: Any, detail: Mapping[str, Any] | None = None) -> None:
    """Write an act of `user` on their own account."""
    with transaction.atomic():
        record(action, actor=user, kind="user", object_id=user.pk, detail=detail)


def note_sign_in(request: HttpRequest, user: User) -> None:
    """Write that `user` signed in, and by which proofs."""
    proofs = [str(one.get("method", "")) for one in get_authentication_records(request, user)]
    note_account("user.signed-in", user, {"by": proofs})


def note_failure(email: str, proof: str, *, is_slowed: bool) -> None:
    """Have a wrong password or code written by a job: known and unknown cost the same.

    Shapes: `is_slowed` is true for the failure from which on tries have to wait.
    """
    facts = {"email": email, "by": proof, "net": shortened(client_ip.get()), "slowed": is_slowed}
    with transaction.atomic():
        enqueue("people.sign-in", key=f"people.sign-in:{secrets.token_hex(16)}", payload=facts)


def write_failure(work: RunningJob) -> None:
    """Write the failure into the trail, if there is such an account; a job's handler."""
    facts = work.payload
    with work.finishing():
        user = User.objects.filter(email=str(facts["email"]).strip().lower()).first()
        if user is None:
            return
        address = client_ip.set(str(facts["net"]))
        try:
            for action in _FAILURES[: 2 if facts["slowed"] else 1]:
                detail = {"by": facts["by"]}
                record(action, actor=None, kind="user", object_id=user.pk, detail=detail)
        finally:
            client_ip.reset(address)


_FAILURES = ("user.sign-in-failed", "user.sign-in-slowed")
