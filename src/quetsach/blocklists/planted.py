"""Names and addresses that an office plants, to learn whether its logs would show a contact.

Each working day a small script asks for a name that only this office can make, and knocks at an
address of the documentation range: nobody is there. What a log shows of it says what the log is
worth. A name is new each day, so that no cache answers it, and tells its day and place by the key.
"""

import hashlib
import hmac
import re
import secrets
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from quetsach.errors.exceptions import QuetsachError

PLANTED_SUFFIX = "planted.quetsach.example"
"""All planted names lie below it; nothing else does (RFC 2606: no name server knows it)."""

PLANTED_NETWORK = "192.0.2.0/24"
"""Where planted addresses lie; no network routes it (RFC 5737)."""

USUAL_DAYS = 400
"""For so many days a script has names: a year, and the weeks until the next one comes."""

_MOST_DAYS = 4_000
_MOST_PLACES = 1_000
_LONGEST_PLACE = 64
_SECRET_BYTES = 32
_NAME_BYTES = 8
_NAME = re.compile(
    rf"(?<![0-9a-z_-])([0-9a-f]{{16}})\.{re.escape(PLANTED_SUFFIX)}(?![\w-])", re.IGNORECASE
)
_FRIDAY = 4


@dataclass(frozen=True)
class PlantedKey:
    """The secret of an office, its places, and the first day on which it planted anything.

    Shapes: a place is a subnet or room as people call it, one PC in each does the asking.
    """

    secret: bytes = field(repr=False)
    places: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True)
class PlantedContact:
    """What is planted at one place on one day."""

    day: date
    place: str
    name: str
    address: str


def new_planted_secret() -> bytes:
    """Return a new secret."""
    return secrets.token_bytes(_SECRET_BYTES)


def planted_on(key: PlantedKey, day: date, place: str) -> PlantedContact:
    """Return what is planted at `place` on `day`."""
    message = f"{day.isoformat()}\n{place_text(place)}".encode()
    digest = hmac.new(key.secret, message, hashlib.sha256).digest()
    name = f"{digest[:_NAME_BYTES].hex()}.{PLANTED_SUFFIX}"
    return PlantedContact(day, place, name, f"192.0.2.{1 + digest[_NAME_BYTES] % 254}")


def planted_between(
    key: PlantedKey, first: date, last: date, places: Sequence[str] = ()
) -> Iterator[PlantedContact]:
    """Yield what is planted from `first` to `last`, both included, day by day, every day."""
    for number in range(min((last - first).days + 1, _MOST_DAYS)):
        for place in places or key.places:
            yield planted_on(key, first + timedelta(days=number), place)


def planted_names_in(text: str) -> list[str]:
    """Return the planted names, of whichever office, that `text` holds, in lower case."""
    return [f"{label.lower()}.{PLANTED_SUFFIX}" for label in dict.fromkeys(_NAME.findall(text))]


def is_working_day(day: date) -> bool:
    """Return whether the scripts plant on it: Monday to Friday; they know no holidays."""
    return day.weekday() <= _FRIDAY


def place_text(place: str) -> str:
    """Return a place as it counts, however it was typed."""
    return " ".join(unicodedata.normalize("NFC", place).split())


# The file of names that the scripts read: ASCII, one day a line, blanks between.

NAMES_HEADING = "# quetsach-planted 1"


def names_text(contacts: Iterable[PlantedContact]) -> str:
    """Return the file that lies beside a script: day, name and address of one place."""
    lines = (f"{one.day.isoformat()} {one.name} {one.address}" for one in contacts)
    # The script of Windows reads it too, and its oldest needs these line ends.
    return "".join(f"{line}\r\n" for line in (NAMES_HEADING, *lines))


# The key file: TOML, for a person to read and for this program to check.


def planted_key_text(key: PlantedKey) -> str:
    """Return the key file. Who has it can make the names: it is a secret."""
    since = [] if key.since is None else [f"since = {key.since.isoformat()}"]
    places = ", ".join(_quoted(place) for place in key.places)
    lines = (
        "# quetsach planted: a secret of this office. Keep it where no script and no mail goes.",
        f'key = "{key.secret.hex()}"',
        *since,
        f"places = [{places}]",
    )
    return "".join(f"{line}\n" for line in lines)


def read_planted_key(path: Path, places: Sequence[str] = ()) -> PlantedKey:
    """Return the key in the file `path`; `places` take the place of those in it.

    Errors: E601 where it is no such file.
    """
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        reason = f"{path}: {error.strerror or error}"
        raise QuetsachError("E601", "--planted-key", reason=reason) from error
    except (ValueError, RecursionError) as error:
        raise QuetsachError("E601", "--planted-key", reason=str(path)) from error
    key = _key_of(content, places)
    if key is None:
        raise QuetsachError("E601", "--planted-key", reason=str(path))
    return key


def _key_of(content: dict[str, Any], places: Sequence[str]) -> PlantedKey | None:
    since = content.get("since")
    named = list(places) or content.get("places", [])
    try:
        secret = bytes.fromhex(content["key"])
    except (KeyError, TypeError, ValueError):
        return None
    if len(secret) < _NAME_BYTES or not (since is None or type(since) is date):
        return None
    if not isinstance(named, list) or len(named) > _MOST_PLACES or not all(map(_is_place, named)):
        return None
    return PlantedKey(secret, tuple(dict.fromkeys(map(place_text, named))), since)


def _is_place(place: object) -> bool:
    return isinstance(place, str) and 0 < len(place_text(place)) <= _LONGEST_PLACE


def _quoted(text: str) -> str:
    plain = "".join(sign for sign in place_text(text) if sign.isprintable())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
