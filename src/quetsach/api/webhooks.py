"""Signed webhooks, as Standard Webhooks say: what signs one, and what a receiver verifies.

Light: the portal's program that alone reaches channels loads it.
"""

import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

from quetsach.pushes.signatures import signature
from quetsach.pushes.signatures import signed_headers as signed_headers
from quetsach.pushes.signatures import signing_key as signing_key

WINDOW_S = 300
"""A message that was signed longer ago was caught on its way and sent again by somebody else."""


class WrongSignatureError(ValueError):
    """The message was not signed with this key, not for this id, or too long ago."""


def verified(
    headers: Mapping[str, str], body: bytes, key: str, *, now_s: float | None = None
) -> Any:
    """Return the message of a webhook, from its JSON, once its signature holds.

    Shapes: `headers` by their names in lower case; `key` as its sender has it (`whsec_...`).
    Units: `now_s` in seconds since 1970, the clock's if not given.
    Errors: WrongSignatureError; ValueError for what is no JSON; E601 for the key.
    """
    number, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    now = time.time() if now_s is None else now_s
    is_number = sent_at.isascii() and sent_at.isdigit() and len(sent_at) < 12
    if not is_number or abs(now - int(sent_at)) > WINDOW_S:
        raise WrongSignatureError("webhook-timestamp")
    wanted = signature(signing_key(key), number, int(sent_at), body).encode()
    given = headers.get("webhook-signature", "").encode().split(b" ")
    if not any(hmac.compare_digest(wanted, each) for each in given):
        raise WrongSignatureError("webhook-signature")
    return json.loads(body)
