"""Tickets by which a home asks again later: its address and the last day, sealed in the ticket.

Nothing of them is kept here. A ticket is AES-SIV (RFC 5297) of two bytes for the day and four or
eight for the address, under a key that is renewed each week and forgotten after the last ticket.
"""

import base64
import binascii
import re
import secrets
import unicodedata
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from quetsach_public.addresses import ClientAddress
from quetsach_public.plane_keys import PlaneKeys
from quetsach_public.table import day_number, day_of

GOOD_FOR_DAYS = 30
"""A line changes hands; after this time an answer would often be about somebody else."""

KEY_DAYS = 7
_CONTEXT = b"quetsach ask-again 1"
_DAY, _TAG = 2, 16
_ADDRESS_BYTES = {4: 4, 6: 8}
_SALT_BYTES = {4: 3, 6: 4}
"""Two tickets of one address look unlike; so long that the code has no padding."""

_SIZES = {
    _SALT_BYTES[version] + _TAG + _DAY + _ADDRESS_BYTES[version]: version for version in (4, 6)
}
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: without I, L, O and U, which are read as what they resemble."""

_TO_RFC = str.maketrans(_ALPHABET, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_FROM_RFC = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _ALPHABET)
_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_PARTED = re.compile(r"[\s.\-\u2010-\u2015]")
LONGEST_CODE = 120
"""Characters of a typed code that are looked at."""


class TicketState(StrEnum):
    """What a code is."""

    GOOD = "good"
    EXPIRED = "expired"
    NOT_OURS = "not-ours"
    """Mistyped, altered, forged, or sealed under a key that was forgotten."""


class SealedTicket(NamedTuple):
    """What a ticket says: whose line it was until `issued`, and the last day on which it counts."""

    caller: ClientAddress
    until: date

    @property
    def issued(self) -> date:
        """The day on which the ticket was made."""
        return self.until - timedelta(days=GOOD_FOR_DAYS)


class TicketSeals:
    """Seals and opens tickets, across all processes that share `run`."""

    def __init__(self, run: Path) -> None:
        self._keys = PlaneKeys(
            run / "ask-again.keys",
            lambda: AESSIV.generate_key(256),
            renew_after=KEY_DAYS,
            keep_for=GOOD_FOR_DAYS + 1,
        )

    def seal(self, caller: ClientAddress, today: date) -> str:
        """Return a new ticket for `caller`, as 40 or 48 letters and digits."""
        until = today + timedelta(days=GOOD_FOR_DAYS)
        plain = day_number(until).to_bytes(_DAY, "big")
        plain += caller.number.to_bytes(_ADDRESS_BYTES[caller.version], "big")
        salt = secrets.token_bytes(_SALT_BYTES[caller.version])
        sealed = AESSIV(self._keys.newest(today).secret).encrypt(plain, [_CONTEXT, salt])
        return base64.b32encode(salt + sealed).decode().translate(_FROM_RFC)

    def open(self, code: str, today: date) -> tuple[TicketState, SealedTicket | None]:
        """Return what `code` is, and what it says where it is good."""
        raw = _bytes_of(code)
        version = _SIZES.get(len(raw))
        if version is None:
            return TicketState.NOT_OURS, None
        salt, sealed = raw[: _SALT_BYTES[version]], raw[_SALT_BYTES[version] :]
        for key in self._keys.known(today):
            try:
                plain = AESSIV(key.secret).decrypt(sealed, [_CONTEXT, salt])
            except InvalidTag:
                continue
            until = day_of(int.from_bytes(plain[:_DAY], "big"))
            if today > until:
                return TicketState.EXPIRED, None
            caller = ClientAddress(version, int.from_bytes(plain[_DAY:], "big"))
            return TicketState.GOOD, SealedTicket(caller, until)
        return TicketState.NOT_OURS, None


def format_ticket(code: str) -> str:
    """Return a ticket's code in groups of four, as people copy it."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def _bytes_of(text: str) -> bytes:
    """Return what was typed as bytes, b"" for what is no code."""
    shown = unicodedata.normalize("NFKC", text[:LONGEST_CODE])
    code = _PARTED.sub("", shown).upper().translate(_LOOKS_LIKE)
    # 40 and 48 characters fill whole bytes; other lengths would need padding and are none.
    if len(code) % 8 or not code or not set(code) <= set(_ALPHABET):
        return b""
    try:
        return base64.b32decode(code.translate(_TO_RFC))
    except binascii.Error:
        return b""
