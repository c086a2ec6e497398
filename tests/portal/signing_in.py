"""Browsers of tests in which somebody has signed in."""

import time

from django.test import Client

from quetsach_portal.people.models.account import User

BACKEND = "quetsach_portal.people.sessions.AccountBackend"


ALL_PROOFS = ("password", "mfa")


def signed_in(
    user: User, *, minutes_ago: float | None = 0, proofs: tuple[str, ...] = ALL_PROOFS
) -> Client:
    """Return a browser in which `user` proved `minutes_ago` who they are; None: never.

    Weighty acts (`rights.again.confirmed_recently`) go through within ten minutes.
    """
    client = Client()
    client.force_login(user, backend=BACKEND)
    if minutes_ago is not None:
        proved(client, user, minutes_ago=minutes_ago, proofs=proofs)
    return client


def proved(
    client: Client, user: User, *, minutes_ago: float = 0, proofs: tuple[str, ...] = ALL_PROOFS
) -> None:
    """Note in the session of `client`, as allauth does, that `user` answered by `proofs`."""
    session = client.session
    at = time.time() - 60 * minutes_ago
    session["account_authentication_methods"] = [
        {"method": one, "at": at, "reauthenticated": True} for one in proofs
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def through_the_door(user: User, password: str) -> Client:
    """Return a browser in which `user` signed in by the page itself."""
    client = Client()
    answer = client.post("/account/login/", {"login": user.email, "password": password})
    assert answer.status_code == 302, answer.content.decode()
    return client
