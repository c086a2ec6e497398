"""The first page as somebody reads it."""

from collections.abc import Callable

from django.test import Client

from quetsach_portal.people.models.roles import Role

SignIn = Callable[[str, Role], Client]


def page(client: Client, query: str = "") -> str:
    answer = client.get("/" + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())
