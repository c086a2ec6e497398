"""A webhook: batches as JSON by POST, signed; each has an id that stays when it is sent again."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

import msgspec

from quetsach.pushes.contract import Outgoing, PushFate, PushOutcome
from quetsach.pushes.requests import PushClient
from quetsach.pushes.signatures import signed_headers

HEADERS = {"Content-Type": "application/json"}
SENT, WITHDRAWN = "quetsach.sightings", "quetsach.sightings.withdrawn"
_OUR_IDS = uuid5(NAMESPACE_URL, "urn:quetsach:pushes")


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
        return signed_headers(self._key, message_id, int(self._clock()), body)
