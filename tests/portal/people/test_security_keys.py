"""The answer of a security key is a stranger's text: an error in words, never a 500."""

import json
from typing import Any

import pytest
from allauth.core.context import request_context
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.sign_in_forms import (
    AddKeyForm,
    ConfirmByKeyForm,
    SignInCodeForm,
    UseKeyForm,
)
from tests.portal.signing_in import through_the_door
from tests.portal.world import PASSWORD, World

pytestmark = pytest.mark.django_db

_ANSWER = {"id": "AAAA", "rawId": "AAAA", "type": "public-key"}
_CLIENT = "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiQUEiLCJvcmlnaW4iOiJ4In0"


def _with(**response: Any) -> str:
    return json.dumps({**_ANSWER, "response": response})


HOSTILE = {
    "a number of 5,000 digits": "9" * 5000,
    "deep brackets": "[" * 100_000,
    "no object": "[]",
    "a text": '"x"',
    "null": "null",
    "no json": "{",
    "an empty answer": "{}",
    "no base64": _with(clientDataJSON="é", attestationObject="*", authenticatorData="%"),
    "no CBOR": _with(
        clientDataJSON=_CLIENT, attestationObject="AAAA", authenticatorData="AAAA", signature="AA"
    ),
    "client data that are no text": _with(
        clientDataJSON="____", attestationObject="oA", authenticatorData="AAAA", signature="AA"
    ),
    "numbers for texts": _with(clientDataJSON=1, attestationObject=[], authenticatorData={}),
    "a huge text": json.dumps({**_ANSWER, "id": "A" * 200_000}),
}


def test_a_key_that_answers_nonsense_is_told_so(world: World) -> None:
    client: Client = through_the_door(world.user("TC01", Role.CLERK), PASSWORD)
    page = client.post("/account/2fa/webauthn/add/", {"name": "USB", "credential": "9" * 5000})
    assert page.status_code == 200
    assert page.context["form"].errors["credential"]
    assert 'href="/account/2fa/"' in page.content.decode(), "a way back"


@pytest.mark.parametrize("form", [AddKeyForm, UseKeyForm, ConfirmByKeyForm])
def test_nonsense_is_no_key(form: type[Any], world: World) -> None:
    user = world.user("TC01", Role.CLERK)
    for told, written in HOSTILE.items():
        asked = RequestFactory().post("/account/2fa/authenticate/")
        asked.session = SessionStore()
        asked.session["mfa.webauthn.state"] = {"challenge": "AA", "user_verification": None}
        with request_context(asked):
            filled = form({"credential": written}, user=user)
            assert not filled.is_valid(), told


@pytest.mark.parametrize(("has_app", "first"), [(False, "use_key"), (True, "id_code")])
def test_who_has_a_key_alone_is_asked_for_the_key_first(
    has_app: bool, first: str, world: World
) -> None:
    user = world.user("TC01", Role.CLERK)
    if has_app:
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    asked = {"request_options": {"publicKey": {"allowCredentials": [{"id": "AA"}]}}}
    page = render_to_string(
        "mfa/authenticate.html",
        {
            "form": SignInCodeForm(user=user),
            "webauthn_form": UseKeyForm(user=user),
            "js_data": asked,
        },
    )
    assert min(("use_key", "id_code"), key=lambda one: page.index(f'id="{one}"')) == first
