"""What a press of the page bears: proof that this address opened a page of ours not long ago.

It stands in the path, so that no body is read and a slow sender holds nobody up.
"""

import hashlib
import hmac
import secrets
from enum import Enum

GOOD_FOR = 12 * 3600
"""Seconds that a page may lie open: cleaning takes its time."""

_LENGTH = 32


class Form(Enum):
    """What a press bears."""

    OURS = 1
    TOO_OLD = 2
    FOREIGN = 3


class Forms:
    """Makes and knows proofs. A restart makes those before it foreign: the page is shown anew."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def make(self, address: str, now: float) -> str:
        """Return the proof for an address, as it may stand in a path."""
        return f"{int(now)}-{self._code(address, str(int(now)))}"

    def look(self, shown: str, address: str, now: float) -> Form:
        """Return what `shown` is."""
        when, _, code = shown.partition("-")
        ours = hmac.compare_digest(code.encode(), self._code(address, when).encode())
        if not ours:
            return Form.FOREIGN
        return Form.OURS if now - int(when) <= GOOD_FOR else Form.TOO_OLD

    def _code(self, address: str, when: str) -> str:
        said = f"{when} {address}".encode()
        return hmac.new(self._key, said, hashlib.sha256).hexdigest()[:_LENGTH]
