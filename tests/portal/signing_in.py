"""Browsers of tests in which somebody has signed in."""

import time

from django.test import Client

from quetsach_portal.people.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(user: User, *, minutes_ago: float | None = 0, method: str = "password") -> Client:
    """Return a browser in which `user` proved `minutes_ago` who they are; None: never.

    Weighty acts (`rights.again.confirmed_recently`) go through within ten minutes.
    """
    client = Client()
    client.force_login(user, backend=BACKEND)
    if minutes_ago is not None:
        proved(client, user, minutes_ago=minutes_ago, method=method)
    return client


def proved(client: Client, user: User, *, minutes_ago: float, method: str) -> None:
    """Note in the session of `client`, as allauth does, that `user` answered by `method`."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time() - 60 * minutes_ago}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
