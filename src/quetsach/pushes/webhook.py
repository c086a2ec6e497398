"""A webhook: JSON by POST, signed as Standard Webhooks say (https://www.standardwebhooks.com).

The header webhook-signature is `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`. The
id stays the same when a batch is sent again, so that a receiver can leave it out.
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

import msgspec

from quetsach.errors.exceptions import QuetsachError
from quetsach.pushes.contract import Outgoing, PushFate, PushOutcome
from quetsach.pushes.requests import PushClient
from quetsach.texts import _

HEADERS = {"Content-Type": "application/json"}
SENT, WITHDRAWN = "quetsach.sightings", "quetsach.sightings.withdrawn"
_OUR_IDS = uuid5(NAMESPACE_URL, "urn:quetsach:pushes")
_SHORTEST_KEY = 24


def signing_key(text: str) -> bytes:
    """Return the key of `whsec_` and base64, or of the text itself.

    Errors: E601 for one that is none, or shorter than 24 bytes.
    """
    if text.startswith("whsec_"):
        try:
            key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
        except (binascii.Error, ValueError):
            key = b""
    else:
        key = text.encode()
    if len(key) < _SHORTEST_KEY:
        reason = _("a key of a webhook has at least %(count)s bytes") % {"count": _SHORTEST_KEY}
        raise QuetsachError("E601", "--key-file", reason=reason)
    return key


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the content of the header webhook-signature."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class WebhookTarget:
    """An address that takes batches of sightings."""

    def __init__(
        self,
        client: PushClient,
        key: bytes,
        source: str,
        *,
        most_at_once: int = 100,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.most_at_once = most_at_once
        self._client, self._key, self._source, self._clock = client, key, source, clock

    def send(self, batch: Sequence[Outgoing]) -> Iterator[Sequence[PushOutcome]]:
        """Send a batch: it is taken whole or not at all."""
        self._post(
            SENT,
            [outgoing.number for outgoing in batch],
            {"sightings": [msgspec.Raw(outgoing.content) for outgoing in batch]},
        )
        yield [PushOutcome(outgoing.number, PushFate.SENT) for outgoing in batch]

    def take_back(self, batch: Sequence[PushOutcome]) -> Iterator[Sequence[PushOutcome]]:
        """Tell which sightings hold no more."""
        numbers = [sent.number for sent in batch]
        self._post(WITHDRAWN, numbers, {"ids": numbers})
        yield [PushOutcome(number, PushFate.TAKEN_BACK) for number in numbers]

    def _post(self, kind: str, numbers: Sequence[str], more: Mapping[str, object]) -> None:
        message_id = f"msg_{uuid5(_OUR_IDS, ' '.join((kind, *numbers))).hex}"
        made = datetime.fromtimestamp(int(self._clock()), UTC)
        message = {
            "type": kind,
            "timestamp": f"{made:%Y-%m-%dT%H:%M:%SZ}",
            "data": {"source": self._source, **more},
        }
        body = msgspec.json.encode(message)
        reply = self._client.post(
            self._client.address.path, body, lambda: self._signed(message_id, body)
        )
        if not 200 <= reply.status < 300:
            raise self._client.refusal(reply)

    def _signed(self, message_id: str, body: bytes) -> dict[str, str]:
        timestamp = int(self._clock())
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(self._key, message_id, timestamp, body),
        }
