"""Why a list, or a row of it, is not used, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _lazy

_UNUSABLE: Mapping[str, Any] = {
    "nothing": _lazy(
        "Not one row of the file could be used. Is it the right file, are its columns named?"
    ),
    "too-many": _lazy("The file has more rows than any such list. Is it the right file?"),
    "too-wide": _lazy(
        "The networks together hold more addresses than any country here has. Were the rows of "
        "one country alone meant?"
    ),
}

_LEFT_OUT: Mapping[str, Any] = {
    "bad-network": _lazy("no network"),
    "private-address": _lazy("an address inside networks, which nobody has on the Internet"),
    "too-wide": _lazy("a network too large to be one company's or one country's"),
    "too-narrow": _lazy("an IPv6 network smaller than /64"),
    "no-reason": _lazy("no word why many share it"),
    "no-time": _lazy("no time at which it was seen"),
    "bad-time": _lazy("a time that cannot be right"),
    "no-address": _lazy("no address"),
    "bad-address": _lazy("no address"),
    "network": _lazy("a network where one address was expected"),
    "bad-port": _lazy("a port that is none"),
}

_DOUBTFUL: Mapping[str, Any] = {
    "public-resolver": _lazy(
        "addresses of public resolvers, which ask for everybody: was the wrong column read?"
    ),
    "outside-ranges": _lazy(
        "addresses outside the country's ranges in use: whoever comes from there is not answered"
    ),
}


def why_doubtful(reason: str) -> Any:
    """Return why rows that are used look wrong."""
    return _DOUBTFUL.get(reason, reason)


def why_unusable(reason: str) -> str:
    """Return why nothing of a file is used; what is said in words already stays."""
    return str(_UNUSABLE.get(reason, reason))


def why_left_out(reason: str) -> Any:
    """Return why rows were left out."""
    return _LEFT_OUT.get(reason, reason)
