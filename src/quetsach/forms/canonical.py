"""JSON in the one way in which it is hashed, and objects taken apart with suspicion."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class NotCanonicalError(ValueError):
    """What was read is not in the one form; the message says where."""


def canonical(value: object) -> bytes:
    """Return `value` as JSON: keys sorted, no blanks, UTF-8, and no number but whole ones.

    With keys of ASCII and no fractions this is the form of RFC 8785. Errors: NotCanonicalError for
    half a surrogate, which no UTF-8 can hold.
    """
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonicalError("half a surrogate pair in a text") from error


def decoded(data: bytes, most_bytes: int) -> object:
    """Return the JSON value in `data`. Errors: NotCanonicalError when it is none or too large."""
    if len(data) > most_bytes:
        raise NotCanonicalError(f"larger than {most_bytes} bytes")
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise NotCanonicalError(str(error)[:200]) from error


class Taken:
    """An object of JSON that is taken apart key by key; what is asked for must be of its type."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise NotCanonicalError(f"{where}: not an object")
        self._value: Mapping[str, Any] = value
        self._where = where

    def has(self, key: str) -> bool:
        """Tell whether `key` is there."""
        return key in self._value

    def within(self, key: str) -> str:
        """Return the place of `key`, for a message."""
        return f"{self._where}.{key}"[:200]

    def names(self) -> Sequence[str]:
        """Return the keys that are there."""
        return tuple(self._value)

    def only(self, *keys: str) -> None:
        """Refuse any key that is not among `keys`."""
        for key in self._value:
            if key not in keys:
                raise NotCanonicalError(f"{self.within(key)}: not known")

    def any(self, key: str) -> object:
        """Return what stands under `key`."""
        if key not in self._value:
            raise NotCanonicalError(f"{self.within(key)}: missing")
        return self._value[key]

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; `default` where the key is not there."""
        if default is not None and key not in self._value:
            return default
        value = self.any(key)
        if not isinstance(value, str):
            raise NotCanonicalError(f"{self.within(key)}: not a text")
        return value

    def whole(self, key: str, default: int | None = None) -> int:
        """Return a whole number; `default` where the key is not there."""
        if default is not None and key not in self._value:
            return default
        value = self.any(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise NotCanonicalError(f"{self.within(key)}: not a whole number")
        return value

    def items(self, key: str) -> Sequence[object]:
        """Return a list; empty where the key is not there."""
        value = self._value.get(key, [])
        if not isinstance(value, list):
            raise NotCanonicalError(f"{self.within(key)}: not a list")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty where the key is not there."""
        found = self.items(key)
        if not all(isinstance(one, str) for one in found):
            raise NotCanonicalError(f"{self.within(key)}: not a list of texts")
        return tuple(str(one) for one in found)

    def made(self, key: str, make: Callable[[str], T]) -> T:
        """Return what `make` makes of a text, such as a member of an enum."""
        try:
            return make(self.text(key))
        except NotCanonicalError:
            raise
        except ValueError as error:
            raise NotCanonicalError(f"{self.within(key)}: {error}"[:200]) from error

    def below(self, key: str) -> "Taken":
        """Return the object under `key`."""
        return Taken(self.any(key), self.within(key))
