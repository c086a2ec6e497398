"""The proof in a press: this address opened a page of ours not long ago.

It stands in the path, so that no body is read and a slow sender holds nobody up.
"""

import hashlib
import hmac
import re
import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from ipaddress import IPv6Address, IPv6Network, ip_address
from pathlib import Path

GOOD_FOR = 12 * 3600
"""Seconds that a page may lie open: cleaning takes its time."""

_LENGTH = 32


class PressForm(Enum):
    """What the proof of a press is worth."""

    OURS = 1
    TOO_OLD = 2
    FOREIGN = 3


class PressProofs:
    """Makes and knows proofs. A restart makes those before it foreign: the page is shown anew."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def make(self, address: str, now: float) -> str:
        """Return the proof for an address, in a form that fits into a path."""
        return f"{int(now)}-{self._code(address, str(int(now)))}"

    def look(self, shown: str, address: str, now: float) -> PressForm:
        """Return what `shown` is."""
        when, _, code = shown.partition("-")
        ours = hmac.compare_digest(code.encode(), self._code(address, when).encode())
        if not ours:
            return PressForm.FOREIGN
        return PressForm.OURS if now - int(when) <= GOOD_FOR else PressForm.TOO_OLD

    def _code(self, address: str, when: str) -> str:
        said = f"{when} {address}".encode()
        return hmac.new(self._key, said, hashlib.sha256).hexdigest()[:_LENGTH]


FILE = "release.txt"
MOST_LETTERS = 100_000


def take_addresses(folder: Path) -> list[str]:
    """Return the addresses of the file in `folder`, and remove it; other lines go unheard."""
    file = folder / FILE
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            file.unlink()
            lines = opened.read(MOST_LETTERS).splitlines()
    except OSError:
        return []
    return [address for line in lines if (address := plain(line.strip()))]


HANDLED_FILE = "handled.txt"


def read_handled(folder: Path) -> dict[str, float]:
    """Return until when each address is quiet or clean by its case, from the file in `folder`.

    Shapes: lines of an address and a time in ISO 8601 with its zone; others go unheard. The file
    stays. Units: seconds since 1970.
    """
    try:
        with (folder / HANDLED_FILE).open(encoding="utf-8", errors="replace") as opened:
            lines = opened.read(MOST_LETTERS).splitlines()
    except OSError:
        return {}
    handled: dict[str, float] = {}
    for line in lines:
        address, _, when = line.strip().partition(" ")
        try:
            moment = datetime.fromisoformat(when.strip())
        except ValueError:
            continue
        if (known := plain(address)) and moment.tzinfo is not None:
            handled[known] = moment.timestamp()
    return handled


def plain(text: str) -> str:
    """Return an address in its one form, "" for what is none; version 4 in 6 is version 4."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)


HEAD = "key\tkind\trule\t"
MOST_BYTES = 64 * 1024 * 1024
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_ADDRESS = re.compile(r"[0-9.]+|\[.*")


@dataclass(frozen=True)
class ListedNames:
    """Listed names; each covers its subdomains, too, where its rule says so."""

    below: Mapping[str, bool]

    def listed(self, host: str) -> str | None:
        """Return the listed name that `host` is or lies below, None for none."""
        parts = host.split(".")
        for place in range(len(parts)):
            name = ".".join(parts[place:])
            if (place == 0 and name in self.below) or self.below.get(name):
                return name
        return None


def read_names(path: Path) -> ListedNames:
    """Return the names of a release: of its folder, or of the keys.tsv in it.

    Raises OSError, ValueError for what is none.
    """
    file = path / "keys.tsv" if path.is_dir() else path
    if file.stat().st_size > MOST_BYTES:
        raise ValueError(f"{file}: too large for a list of names")
    lines = file.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0].startswith(HEAD):
        raise ValueError(f"{file}: this is no keys.tsv of a release")
    rows = (line.split("\t") for line in lines[1:])
    return ListedNames(
        {row[0]: row[2] == "below" for row in rows if len(row) > 2 and row[1] == "name"}
    )


def host_of(header: object) -> str:
    """Return the name in a Host header in its plain form, "" for an address or what is no name.

    Whatever comes back holds letters, digits, dots, dashes and underscores alone.
    """
    text = str(header or "")[:300].strip().lower()
    if _ADDRESS.fullmatch(text.partition(":")[0]) or text.startswith("["):
        return ""
    name = text.partition(":")[0].rstrip(".")
    return name if _NAME.fullmatch(name) else ""


# How often somebody may say to have cleaned, so that one machine fills neither file nor memory.

MOST_AN_HOUR = 3
MOST_OF_A_NETWORK = 60
"""Presses within an hour of one address, and of an IPv6 network (/64): a machine has all of one."""

MOST = 20_000
"""Addresses and networks of the last hour; beyond them nobody new can press."""

_HOUR = 3600.0


class PressRate:
    """Presses of the last hour."""

    def __init__(self) -> None:
        self._pressed: dict[str, deque[float]] = {}

    def take(self, address: str, now: float) -> bool:
        """True where the address may press now; then the press is counted."""
        bounds = _bounds(address)
        times = {key: self._times(key, now) for key in bounds}
        if any(len(times[key]) >= most for key, most in bounds.items()):
            return False
        if len(self._pressed.keys() | times.keys()) > MOST:
            return False
        for key, one in times.items():
            one.append(now)
            self._pressed[key] = one
        return True

    def tidy(self, now: float) -> None:
        """Forget what is older than an hour."""
        old = [key for key, times in self._pressed.items() if times[-1] <= now - _HOUR]
        for key in old:
            del self._pressed[key]

    def _times(self, key: str, now: float) -> deque[float]:
        times = self._pressed.get(key, deque())
        while times and times[0] <= now - _HOUR:
            times.popleft()
        return times


def _bounds(address: str) -> dict[str, int]:
    found = ip_address(address)
    bounds = {address: MOST_AN_HOUR}
    if isinstance(found, IPv6Address):
        bounds[str(IPv6Network((int(found), 64), strict=False))] = MOST_OF_A_NETWORK
    return bounds
