"""No link that opens something reaches a log: of each address it is known whether it does."""

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from quetsach_portal.config.logging import discreet
from tests.portal.config.test_front import ROOT, free_port
from tests.waiting import wait_for_port

OPENS = {
    "account/invitation/<str:token>/": "k7Q-x_9" * 6,
    "account/form/<str:token>/": "k7Q-x_9" * 6,
    "account/password/reset/key/<uidb36>-<key>/": "5-cdef01-" + "9a8b7c6d" * 4,
    "mail-off/<int:choice_id>/<slug:signature>/": "1/" + "0f1e2d3c" * 4,
    "alert/<int:mail_id>/<slug:signature>/": "1/" + "0f1e2d3c" * 4,
    "notice/<int:forwarding_id>/<slug:signature>/": "1/" + "0f1e2d3c" * 4,
    "check/<str:code>/": "h7k9m2p4",
    "join/<str:code>/": "k7m2p9q4",
    "join/<str:code>/thanks": "k7m2p9q4",
    "calendar/<str:secret>.ics": "k7Q-x_9" * 6,
}
"""What opens something without a sign-in, with a secret as it looks, and what stands before it."""

QUERIES = ("account/login/?next=/&token=", "slip/?ma=", "account/oidc/sso/login/callback/?code=")


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Yield each address, with a word in <> for each of its changing parts."""
    for pattern in patterns:
        route = before + plain(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def plain(text: str) -> str:
    """Return a regular expression of an address as a route."""
    return (
        re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", text)
        .replace("^", "")
        .rstrip("$")
        .replace("\\Z", "")
    )


def test_each_address_that_opens_something_is_known() -> None:
    words = re.compile(r"<(?:str:|slug:|path:)?(\w+)>")
    secret = re.compile(r"token|secret|signature|key|code")
    opening = {
        route
        for route in routes(get_resolver().url_patterns)
        if any(secret.search(name) and name[-3:] != "_id" for name in words.findall(route))
    }
    # For who has signed in, and shown to nobody else: names of steps and figures.
    inside = {
        route
        for route in opening
        if route.startswith(("cases/", "reports/", "help/", "sensors/", "public-page/"))
    }
    assert opening - inside == set(OPENS), "say of a new address whether it opens something"


@pytest.mark.parametrize("route", OPENS)
def test_no_line_of_the_portal_has_the_secret(route: str) -> None:
    address, secret = filled(route)
    for line in (
        f"Not Found: /{address}",
        f"GET /{address} 500",
        f"Referer https://a.example/{address}?x",
    ):
        assert secret not in discreet(line)


def filled(route: str) -> tuple[str, str]:
    """Return an address of `route`, and the secret in it."""
    given = OPENS[route]
    beginning, _bracket, _rest = route.partition("<")
    ending = route.rpartition(">")[2]
    return f"{beginning}{given}{ending}", given.rpartition("/")[2]


def test_a_served_portal_writes_none_of_them(tmp_path: Path) -> None:
    """Its tables are missing: each page fails as badly as it can, and says so in the log."""
    port = free_port()
    surroundings = {
        "QUETSACH_HOME": str(tmp_path),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "quetsach_portal.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    # As serving.py, but for the look at the database.
    (tmp_path / "broken.py").write_text(
        "from django.core.wsgi import get_wsgi_application\n"
        "get_wsgi_application()\n"
        "from quetsach_portal.config.schema_gate import SchemaGate\n"
        "SchemaGate.look = lambda self: setattr(self, '_is_open', True)\n"
        "from quetsach_portal.config.serving import front\n"
    )
    surroundings["PYTHONPATH"] += f"{os.pathsep}{tmp_path}"
    words = ["granian", "broken:front", "--interface", "rsgi", "--port", str(port), "--http", "1"]
    log = tmp_path / "log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", *words, "--workers", "1", "--no-ws", "--log-level", "warning"],
            env={**os.environ, **surroundings},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    addresses = [filled(route) for route in OPENS]
    addresses += [(f"{query}{'k7Q-x_9' * 6}", "k7Q-x_9" * 6) for query in QUERIES]
    try:
        wait_for_port(port)
        statuses = [
            asked(port, method, f"/{one}") for one, _ in addresses for method in ("GET", "POST")
        ]
    finally:
        process.terminate()
        process.wait(timeout=60)
    written = log.read_text()
    assert 500 in statuses, "nothing failed, so nothing was logged"
    assert "no such table" in written
    for address, secret in addresses:
        assert secret not in written, address


def asked(port: int, method: str, address: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        line.request(method, address, b"a=b" if method == "POST" else None)
        return line.getresponse().status
    finally:
        line.close()
