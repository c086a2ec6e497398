"""A refusal or remark on a file: kept as values, put into words when somebody reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from quetsach_portal.files.problems import FILE_PROBLEMS
from quetsach_portal.web.problems import Refused


@dataclass(frozen=True)
class Problem:
    """One refusal or remark: its code, where (a name to show, "" for none), and its facts.

    Shapes: a fact is a text, a number, or a list of message ids, shown as "a, b or c".
    """

    code: str
    where: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def what(self) -> str:
        """Return what happened, in the language in use."""
        return self._said("what")

    def todo(self) -> str:
        """Return what to do next, in the language in use."""
        return self._said("todo")

    def as_json(self) -> dict[str, Any]:
        """Return the problem as values that JSON can hold."""
        return {"code": self.code, "where": self.where, "facts": dict(self.facts)}

    def _said(self, part: str) -> str:
        facts = {key: _words(value) for key, value in self.facts.items()}
        return gettext(getattr(FILE_PROBLEMS[self.code], part)) % facts

    def __str__(self) -> str:
        where = f" {self.where}" if self.where else ""
        return f"{self.code}{where}: {self.what()} {self.todo()}"


class FileRefused(Refused):
    """A file or an upload is not taken; it carries one Problem, and its words for a form."""

    def __init__(self, code: str, where: str = "", *, field: str = "", **facts: Any) -> None:
        self.problem = Problem(code, where, facts)
        super().__init__(f"{self.problem.what()} {self.problem.todo()}", field=field)

    def __str__(self) -> str:
        return f"{self.problem.code} {self.problem.where}".strip()


def problem_from(stored: Mapping[str, Any]) -> Problem:
    """Return the problem that `as_json` wrote."""
    return Problem(stored["code"], stored["where"], stored["facts"])


def _words(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        return value
    said = [gettext(one) for one in value]
    if len(said) < 2:
        return "".join(said)
    return gettext("%(these)s or %(last)s") % {"these": ", ".join(said[:-1]), "last": said[-1]}
