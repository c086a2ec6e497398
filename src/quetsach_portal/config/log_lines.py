"""Log lines as JSON: the constant message and its facts, one line an event."""

import json
import logging
import re

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_SECRET = re.compile(r"[\w-]{26,}")
"""What is as long as a token of an address: no log line opens a door (P3)."""


class JsonLines(logging.Formatter):
    """Formats a record with the fields that were handed over as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON; a line break or a colour code in a value forges no line (L3)."""
        line = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **{key: value for key, value in vars(record).items() if key not in _OWN},
        }
        # Django hands over the whole request, which holds what people typed.
        request = line.pop("request", None)
        if request is not None:
            line["path"] = _SECRET.sub("…", getattr(request, "path", ""))
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)
