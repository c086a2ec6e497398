"""A channel that is a signed webhook: the receiver can prove that the portal sent a message.

Signed as Standard Webhooks say, as `quetsach push` does (docs/push.md has the receiver's side). It
has the shape of Apprise's services, beside which it stands.
"""

import json
import logging
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests

from quetsach.api.webhooks import signed_headers, signing_key

_WAIT_S = (5.0, 15.0)


class SignedWebhook:
    """The webhook at `https://host/path`; `number` is what its messages are known by."""

    def __init__(
        self, *, host: str, port: int | None, path: str, key: bytes, scheme: str, qsd: object
    ) -> None:
        self.host, self.port = host, port
        self.number = "msg_test"
        self._key = key
        where = f"[{host}]" if ":" in host else host
        self._url = f"{scheme}://{where}{f':{port}' if port else ''}{path}"

    @staticmethod
    def parse_url(url: str) -> Mapping[str, Any] | None:
        """Return what `hooks://host/path?key=whsec_...` says; None for what is none.

        Errors: QuetsachError for a key that is too short to sign with.
        """
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError:
            return None
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        if not parts.hostname or "@" in parts.netloc or parts.fragment:
            return None
        # A plus sign of base64 is a blank in a query.
        key = signing_key(options.get("key", "").replace(" ", "+"))
        return {
            "host": unquote(parts.hostname),
            "port": port,
            "path": parts.path or "/",
            "key": key,
            "scheme": "https" if parts.scheme.lower() == "hooks" else "http",
            "qsd": options,
        }

    def notify(self, *, body: str, title: str) -> bool:
        """Send a message; return whether it was taken. A status is logged as Apprise logs it."""
        message = {
            "type": "quetsach.alert",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "data": {"title": title, "message": body},
        }
        content = json.dumps(message, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            **signed_headers(self._key, self.number, int(time.time()), content),
        }
        try:
            reply = requests.post(
                self._url, data=content, headers=headers, timeout=_WAIT_S, allow_redirects=False
            )
        except requests.RequestException:
            return False
        if not 200 <= reply.status_code < 300:
            logging.getLogger("apprise").warning("Not taken: error=%s.", reply.status_code)
            return False
        return True
