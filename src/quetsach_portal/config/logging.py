"""Log lines as JSON, one line an event, without secrets or names of people."""

import ipaddress
import json
import logging
import re
from datetime import UTC, datetime

LONGEST = 20_000
"""Signs of one text in a log line; the rest tells nobody more."""

_HIDDEN = "…"
_SECRET_PATHS = re.compile(
    r"(/(?:account/invitation|account/password/reset/key|join|check)/)[^/\s\"'?#]+", re.IGNORECASE
)
_LONG_PART = re.compile(r"(?<=/)[\w:=~%+-]{26,}")
"""A part of an address that is as long as a token (P3)."""
_QUERY = re.compile(r"\?[^\s\"'<>]+")
_TOKEN = re.compile(r"\bqs_[A-Za-z0-9_-]{6,}")
_MAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_IPV4 = re.compile(r"(?<![\w.])(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?![\w.]\d)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f:]{2,39}(?:\.\d{1,3}){0,4}(?![\w:])")


def discreet(text: str) -> str:
    """Return `text` without tokens, codes, queries, mail addresses and whole network addresses."""
    cut = text if len(text) <= LONGEST else text[:LONGEST] + _HIDDEN
    cut = _SECRET_PATHS.sub(rf"\1{_HIDDEN}", cut)
    cut = _LONG_PART.sub(_HIDDEN, cut)
    cut = _QUERY.sub(f"?{_HIDDEN}", cut)
    cut = _TOKEN.sub(f"qs_{_HIDDEN}", cut)
    cut = _MAIL.sub(f"{_HIDDEN}@{_HIDDEN}", cut)
    return _IPV6.sub(_shortened, _IPV4.sub(r"\1.0", cut))


def _shortened(match: re.Match[str]) -> str:
    try:
        address = ipaddress.IPv6Address(match.group())
    except ValueError:
        return match.group()
    return str(ipaddress.IPv6Network((address, 48), strict=False).network_address)


_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PLAIN = ("at", "level", "logger")


class JsonLines(logging.Formatter):
    """Formats a record with the fields that were handed over as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON; a line break or a colour code in a value forges no line (L3)."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            # What a library adds may be an object, such as a socket with its addresses.
            **{
                key: value if isinstance(value, int | float | dict | None) else str(value)
                for key, value in vars(record).items()
                if key not in _OWN and key != "request"
            },
        }
        # Django hands over the whole request, which holds what people typed.
        request = getattr(record, "request", None)
        if request is not None:
            line["path"] = getattr(request, "path", "")
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        fields = {
            key: discreet(value) if isinstance(value, str) and key not in _PLAIN else value
            for key, value in line.items()
        }
        return json.dumps(fields, ensure_ascii=True, default=str)
