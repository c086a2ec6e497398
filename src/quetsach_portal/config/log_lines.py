"""Log lines as JSON: the constant message and its facts, one line an event, nobody's secrets."""

import json
import logging

from quetsach_portal.config.discreet import discreet

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PLAIN = ("at", "level", "logger")


class JsonLines(logging.Formatter):
    """Formats a record with the fields that were handed over as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON; a line break or a colour code in a value forges no line (L3)."""
        line = {
            "at": self.formatTime(record),
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
        told = {
            key: discreet(value) if isinstance(value, str) and key not in _PLAIN else value
            for key, value in line.items()
        }
        return json.dumps(told, ensure_ascii=True, default=str)
