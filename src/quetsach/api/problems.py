"""Problems and exit codes for programs; light enough for a process that reads one document."""

from typing import Any

from quetsach.errors.exceptions import QuetsachError as QuetsachError
from quetsach.errors.exceptions import problem_json as problem_json
from quetsach.errors.exceptions import problem_words as problem_words
from quetsach.texts import in_language as in_language


def exit_code(summary: dict[str, Any]) -> int:
    """Return 0 nothing found, 1 found, 3 finished but not all was read or known (3 wins).

    A line to look at is no finding, but no silence either.
    """
    if summary["unread"] or summary["rejects"]:
        return 3
    return 1 if summary["sightings"] or summary.get("lines_to_look_at") else 0
