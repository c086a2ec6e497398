"""A double of a CSC signing service: a real HTTP server on the loopback, with keys of its own."""

import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from tests.signing.pades.authority import Held, authority, clerk

TOKEN, PIN, OTP = "token-cua-cong", "246810", "135790"


@dataclass
class CscDouble:
    """What the service holds and how it behaves; `asked` is what came in, in order."""

    version: str = "v1"
    holder: Held = field(default_factory=clerk)
    signs_with: Held | None = None
    mode: str = "explicit"
    otp_type: str = "online"
    status: str = "valid"
    bare_numbers: bool = False
    answer: bytes | None = None
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    released: dict[str, list[str]] = field(default_factory=dict)
    url: str = ""
    is_code_sent: bool = False

    def reply(self, method: str, message: dict[str, Any], token: str) -> tuple[int, Any]:
        """Return status and answer to one call, by the specification."""
        self.asked.append((method, message))
        if token != f"Bearer {TOKEN}":
            return 401, {"error": "invalid_token", "error_description": "no"}
        if method == "credentials/list":
            known = message.get("userID") in (None, "chutich")
            return 200, {"credentialIDs": ["khoa-1"] if known else []}
        if message.get("credentialID") != "khoa-1":
            return 400, {"error": "invalid_request", "error_description": "credentialID"}
        if method == "credentials/info":
            return 200, self._info()
        if method in ("credentials/sendOTP", "credentials/getChallenge"):
            self.is_code_sent = True
            return 204, None
        if method == "credentials/authorize":
            return self._authorize(message)
        if method == "signatures/signHash":
            return self._sign(message)
        return 404, {}

    def _info(self) -> dict[str, Any]:
        chain = [b64encode(holder.der()).decode() for holder in (self.holder, authority())]
        info: dict[str, Any] = {
            "key": {"status": "enabled", "algo": ["1.2.840.10045.4.3.2"], "len": 256},
            "cert": {"status": self.status, "certificates": chain},
            "multisign": 1,
        }
        if self.version == "v1":
            pin, otp = {"presence": "true"}, {"presence": "true", "type": self.otp_type}
            return info | {"authMode": self.mode, "PIN": pin, "OTP": otp}
        objects = [{"type": "Password", "id": "PIN"}, {"type": "ChallengeResponse", "id": "OTP"}]
        return info | {"auth": {"mode": self.mode, "objects": objects}}

    def _authorize(self, message: dict[str, Any]) -> tuple[int, Any]:
        if self.version == "v1":
            codes, hashes = message, message["hash"]
        else:
            codes = {entry["id"]: entry["value"] for entry in message["authData"]}
            hashes = message["hashes"]
        if codes.get("PIN") != PIN:
            return 400, {"error": "invalid_pin", "error_description": "x"}
        if codes.get("OTP") != OTP:
            return 400, {"error": "invalid_otp", "error_description": "x"}
        self.released["SAD-1"] = hashes
        return 200, {"SAD": "SAD-1", "expiresIn": 300}

    def _sign(self, message: dict[str, Any]) -> tuple[int, Any]:
        hashes = message["hash" if self.version == "v1" else "hashes"]
        # A release holds for just those digests (SCAL2), and once.
        if self.released.pop(message["SAD"], None) != hashes:
            return 400, {"error": "invalid_request", "error_description": "SAD"}
        key = (self.signs_with or self.holder).key
        signature = key.sign(b64decode(hashes[0]), ec.ECDSA(Prehashed(SHA256())))
        if self.bare_numbers:
            signature = b"".join(n.to_bytes(32) for n in decode_dss_signature(signature))
        return 200, {"signatures": [b64encode(signature).decode()]}


@contextmanager
def running(double: CscDouble) -> Iterator[CscDouble]:
    """Let the double answer on a port of the loopback until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            method = self.path.removeprefix(f"/csc/{double.version}/")
            token = self.headers.get("Authorization", "")
            status, answer = double.reply(method, json.loads(body), token)
            content = b"" if answer is None else json.dumps(answer).encode()
            content = content if double.answer is None else double.answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    double.url = f"http://127.0.0.1:{server.server_port}/csc/{double.version}"
    try:
        yield double
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
