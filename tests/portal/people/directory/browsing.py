"""A browser at the page on which one signs in by the directory."""

import re

from django.core.cache import cache
from django.test import Client

from tests.portal.people.directory.slapd_server import PASSWORD

PAGE = "/account/directory/"
LOCAL = "/account/login/"
LOCAL_PASSWORD = "x" * 20


def sign_in(client: Client, login: str = "an", password: str = PASSWORD, page: str = PAGE):
    cache.clear()
    return client.post(page, {"login": login, "password": password})


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())
