"""What can go wrong, each with a code that never changes: what, where, and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quetsach.errors.catalogue import DISK, EVIDENCE, FINDINGS, ProblemEntry
from quetsach.errors.documents import DOCUMENTS
from quetsach.errors.indicators import INDICATORS
from quetsach.errors.running import RUNNING
from quetsach.texts import _, plain

AREAS = (EVIDENCE, INDICATORS, FINDINGS, DOCUMENTS, RUNNING)
CATALOGUE: Mapping[str, ProblemEntry] = {
    code: entry for area in AREAS for code, entry in area.items()
}
"""All problems, in the order of their codes."""


@dataclass(frozen=True)
class Problem:
    """One thing that went wrong: its code, where, and the facts that its sentence names."""

    code: str
    where: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def what(self) -> str:
        """Return what happened, in the language in use."""
        return self._said("what")

    def todo(self) -> str:
        """Return what to do next, in the language in use."""
        return self._said("todo")

    def _said(self, part: str) -> str:
        # A problem may come out of a stranger's release: its facts need not fit its code.
        try:
            facts = {name: _in_words(fact) for name, fact in self.facts.items()}
            return str(_(getattr(CATALOGUE[self.code], part)) % facts)
        except (KeyError, TypeError, ValueError):
            return ", ".join(map(str, self.facts.values())) or "?"

    def __str__(self) -> str:
        what = self.what()
        end = "" if what.endswith("?") else "."
        return plain(f"{self.code} {self.where}: {what}{end} {self.todo()}")


def _in_words(fact: Any) -> Any:
    return _(DISK[fact]) if isinstance(fact, str) and fact in DISK else fact


class QuetsachError(Exception):
    """The base of every error that we raise; it carries one Problem."""

    def __init__(self, code: str, where: str, **facts: Any) -> None:
        super().__init__(code, where)
        self.problem = Problem(code, where, facts)

    def __str__(self) -> str:
        return str(self.problem)


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return a problem with its sentences in the language in use, and the facts they name."""
    return {
        "path": problem.where,
        "code": problem.code,
        "what": problem.what(),
        "todo": problem.todo(),
        "facts": {name: str(value) for name, value in problem.facts.items()},
    }


def problem_words(record: Mapping[str, Any]) -> tuple[str, str]:
    """Return what happened and what to do, in the language in use, from what `problem_json` wrote.

    A code that is unknown here, or a record of an earlier version without facts, keeps the words
    that were written.
    """
    entry = CATALOGUE.get(record["code"])
    if entry is None or ("%(" in entry.what + entry.todo and not record.get("facts")):
        return plain(record.get("what", "")), plain(record.get("todo", ""))
    problem = Problem(record["code"], record["path"], record.get("facts", {}))
    return plain(problem.what()), plain(problem.todo())
