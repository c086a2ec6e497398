"""Requests that upload in parts, as the page's script sends them."""

from django.test import Client
from django.urls import reverse

from quetsach_portal.files.uploads import permit_for
from quetsach_portal.people.models.account import User
from tests.portal.files.conftest import PATH


def permit(user: User, purpose: str = "evidence") -> str:
    return permit_for(user, purpose=purpose, owner_path=PATH)


def begin_by(browser: Client, user: User, raw: bytes, **more: str):
    data = {"permit": permit(user), "name": "a.log", "size": str(len(raw)), **more}
    return browser.post(reverse("files:begin"), data)


def patch(browser: Client, address: str, offset: int, part: bytes):
    return browser.patch(
        address,
        part,
        content_type="application/offset+octet-stream",
        headers={"Upload-Offset": str(offset)},
    )
