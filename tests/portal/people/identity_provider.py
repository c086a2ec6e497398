"""A small OpenID Connect provider on the loopback, for tests of signing in by another system."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPErrorProcessor, build_opener

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client


@dataclass
class Provider:
    """What the provider says of whoever signs in there, and what it was asked."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    issuer: str = ""
    audience: str = "quetsach"
    nonce: str | None = None
    about: dict[str, Any] = field(default_factory=dict)
    signs: Callable[[dict[str, Any]], str | None] | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


def answer(provider: Provider, path: str, query: dict[str, str], form: dict[str, str]) -> Any:
    """Return what the provider answers: an object as JSON, or a text to redirect to."""
    provider.asked.append(path)
    if path == "/.well-known/openid-configuration":
        names = ("authorization", "token", "userinfo")
        ends = {f"{name}_endpoint": f"{provider.address}/{name}" for name in names}
        own = {"issuer": provider.address, "jwks_uri": f"{provider.address}/keys"}
        return {**own, **ends, **provider.about}
    if path == "/authorization":
        code = secrets.token_urlsafe(8)
        provider.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"
    if path == "/token":
        return _token(provider, form)
    return provider.claims if path == "/userinfo" else {"keys": [PUBLIC]}


def _token(provider: Provider, form: dict[str, str]) -> Any:
    asked = provider.codes.pop(form.get("code", ""), None)
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    if asked is None or asked.get("code_challenge") != proof:
        return {"error": "invalid_grant"}
    told = {
        **provider.claims,
        "iss": provider.issuer or provider.address,
        "aud": provider.audience,
        "iat": int(time.time()),
        "exp": int(time.time()) + 60,
        "nonce": asked.get("nonce") if provider.nonce is None else provider.nonce,
    }
    token = signed(told) if provider.signs is None else provider.signs(told)
    answered = {"access_token": "a", "token_type": "Bearer", "id_token": token}
    return {name: words for name, words in answered.items() if words is not None}


KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = {
    **jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True),
    "kid": "1",
    "alg": "ES256",
}


def signed(told: dict[str, Any], key: Any = KEY, algorithm: str = "ES256") -> str:
    """Return an ID token as the provider signs it."""
    return jwt.encode(told, key, algorithm, headers={"kid": "1"})


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    """Let `provider` answer on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._send(answer(provider, parts.path, _flat(parts.query), {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(answer(provider, urlsplit(self.path).path, {}, _flat(body)))

        def _send(self, said: Any) -> None:
            self.send_response(302 if isinstance(said, str) else 200)
            self.send_header("Location" if isinstance(said, str) else "Content-Type", _head(said))
            self.end_headers()
            self.wfile.write(b"" if isinstance(said, str) else json.dumps(said).encode())

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _head(said: Any) -> str:
    return said if isinstance(said, str) else "application/json"


def _flat(text: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(text).items()}


# The way there and back, as a browser goes it.

INVITED = "can.bo@coquan.example"

SIGN_IN = "/account/oidc/sso/login/"


class NoRedirect(HTTPErrorProcessor):
    """Leaves a redirect to whoever asked."""

    def http_response(self, request, response):
        return response


def sign_in(client: Client):
    """Go the whole way as a browser does, and return where the portal sends it."""
    there = client.post(SIGN_IN)
    assert there.status_code == 302
    with build_opener(NoRedirect).open(there.url) as back:
        location = urlsplit(back.headers["Location"])
    return client.get(f"{location.path}?{location.query}")


def is_signed_in(client: Client) -> bool:
    return client.get("/people/").status_code == 200
