"""A change of one's own account is whole: factor, row in the trail and mail, or none of them."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.people import notices
from quetsach_portal.people.models.roles import Role
from tests.portal.signing_in import signed_in
from tests.portal.world import World


@pytest.mark.django_db(transaction=True)
def test_a_factor_stays_where_nobody_could_be_told_that_it_went(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = world.user("TC01", Role.CLERK)
    TOTP.activate(clerk, generate_totp_secret())
    client = signed_in(clerk)
    client.raise_request_exception = False

    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(notices, "enqueue", broken)
    assert client.post("/account/2fa/totp/deactivate/").status_code == 500
    assert Authenticator.objects.filter(user=clerk, type=Authenticator.Type.TOTP).exists()
    assert not AuditEvent.objects.filter(action="user.factor-removed").exists()

    monkeypatch.undo()
    assert client.post("/account/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=clerk, type=Authenticator.Type.TOTP).exists()
    assert AuditEvent.objects.filter(action="user.factor-removed").count() == 1
