"""The answers of every address of the portal and of the public site: status and digest.

`python -m tools.house.pages FILE` asks each row of the access table as each role, on the tests'
world with clock and randomness fixed, and writes {section: {what was asked: answer}} as JSON.
"""

# ruff: noqa: E402, I001
from tools.house.fixed import fix, reseed

if __name__ == "__main__":
    fix()

import hashlib
import io
import json
import os
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.portal.settings"
os.environ["DATABASE_URL"] = ""

import django

django.setup()

from django.test import Client
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

from quetsach_public.app import Application
from quetsach_public.documents import write_documents
from quetsach_public.block_page.app import BlockPageApplication
from quetsach_public.block_page.settings import BlockPageSettings
from quetsach_public.pages.building import build_site
from quetsach_public.pages.campaign import LANGUAGES, prefix
from quetsach_public.pages.site import read_site
from tests.portal.access.row import Row
from tests.portal.access.table import TABLES
from tests.portal.access.walk import (
    Asking,
    Place,
    _who_asks,
    form_of,
    places,
    put_down,
    same_browser,
    undone,
)
from tests.portal.world import make_world
from tests.public.made import CAMPAIGN, NOW as PUBLIC_NOW, TOOL, made_home
from tests.public.test_figures import shown, write
from tests.public.test_look import MADE
from tests.public.papers import ALL

METHODS = ("GET", "POST")

MASKS = (
    (re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*'), rb"\1#"),
    (re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"), b"#"),
    (re.compile(rb"\b[0-9a-f]{32,}\b"), b"#"),
    (re.compile(rb"(?<![\w-])[\w-]{43,}(?![\w-])"), b"#"),
)
"""What is drawn anew for each answer: CSRF tokens, names of files, digests and tokens."""

PDF_MASKS = (
    (re.compile(rb"/ID ?\[[^\]]*\]"), b"#"),
    (re.compile(rb"\(D:[^)]*\)"), b"#"),
    (re.compile(rb"<(xmp|xmpMM):\w+>[^<]*"), b"#"),
)
"""Identifiers and times that the typesetter writes into a PDF by its own clock."""


def main(target: Path) -> None:
    """Write the answers of both planes to `target`."""
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        answers = {
            "pages": dict(portal_pages()),
            "openapi": dict(interface()),
            "public pages": dict(public_pages()),
        }
    finally:
        teardown_databases(made, verbosity=0)
    target.write_text(json.dumps(answers, sort_keys=True, ensure_ascii=False))


def portal_pages() -> Iterator[tuple[str, str]]:
    """Ask every address as every role that the daily walk asks as."""
    reseed("world")
    asking = Asking(make_world(), whole=False)
    for rows in TABLES.values():
        for row in rows:
            asking.seated_in(row.seat)
            reseed(row.name)
            with undone(asking.world):
                yield from _answers_of(row, asking)


def _answers_of(row: Row, asking: Asking) -> Iterator[tuple[str, str]]:
    for place in places(row, asking.world, whole=False):
        browsers = {
            (method, role.value): asking.browser(row.seat, role.value)
            for method in METHODS
            for role in _who_asks(row, method, place.relation, whole=False)
        }
        browsers["GET", "signed out"] = Client(raise_request_exception=False)
        for (method, who), client in browsers.items():
            name = f"{row.name} {place.relation} {method} {who}"
            reseed(name)
            yield name, _ask(client, method, place)


def _ask(client: Client, method: str, place: Place) -> str:
    with undone(), same_browser(client):
        send = client.get if method == "GET" else client.post
        response: Any = send(place.address, form_of(place) if method == "POST" else None)
        return described(response)


def described(response: Any) -> str:
    """Return status, target of a redirect, kind and digest of the body, masked."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    put_down(response)
    target = masked(response.headers.get("Location", "").encode()).decode()
    kind = response.headers.get("Content-Type", "")
    return " ".join(filter(None, (str(response.status_code), target, kind, digest(body))))


def digest(body: bytes) -> str:
    """Return the SHA-256 of `body`: of a ZIP its members', of all else with the masks on it."""
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            members = [(name, masked(packed.read(name))) for name in sorted(packed.namelist())]
        body = repr(members).encode()
    return hashlib.sha256(masked(body)).hexdigest()


def masked(body: bytes) -> bytes:
    """Return `body` without what differs in each answer."""
    for pattern, instead in (*MASKS, *(PDF_MASKS if body.startswith(b"%PDF") else ())):
        body = pattern.sub(instead, body)
    return body


def interface() -> Iterator[tuple[str, str]]:
    """Return the OpenAPI document, path by path and component by component."""
    document = Client().get("/api/v1/openapi.json").json()
    parts = {
        **{f"path {name}": part for name, part in document.pop("paths").items()},
        **{
            f"{kind} {name}": part
            for kind, named in document.pop("components").items()
            for name, part in named.items()
        },
        "all else": document,
    }
    for name, part in parts.items():
        yield name, digest(json.dumps(part, sort_keys=True, ensure_ascii=False).encode())


def public_pages() -> Iterator[tuple[str, str]]:
    """Ask the public site for its pages in each language, and an office's held page."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "plane")
        settings = made_home(home)
        build_site(settings.site, CAMPAIGN, [TOOL])
        write_documents(settings.documents, ALL, PUBLIC_NOW)
        write(home, shown())
        application = Application(settings, now=lambda: PUBLIC_NOW)
        for path in sorted(read_site(settings.site).pages):
            yield path, _served(application, path)
        for language in LANGUAGES:
            for path in MADE:
                address = prefix(language) + path
                yield f"{address} made", _served(application, address)
        held = BlockPageApplication(
            BlockPageSettings(Path(folder, "held"), office="Xã Một", phone="0299")
        )
        for path in ("/", "/en", "/km", "/none"):
            yield f"held {path}", _served(held, path)


def _served(application: Any, address: str) -> str:
    path, _, query = address.partition("?")
    heads: list[Any] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REMOTE_ADDR": "192.0.2.10",
        "HTTP_HOST": "quetsach.example",
        "SERVER_NAME": "quetsach.example",
        "SERVER_PORT": "443",
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    body = b"".join(application(environ, lambda status, *_: heads.append(status)))
    return f"{heads[0]} {digest(body)}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
