"""The three steps of a case: each is done by a handling that was recorded, and by nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from quetsach.instructions.steps import GROUPS, instruction, words_of
from quetsach_portal.cases.judging import did_remove
from quetsach_portal.cases.models.case import Case, CaseEvent, Handling, HandlingKind

FIRST_KIND = {
    "disconnect": HandlingKind.ISOLATED,
    "scan": HandlingKind.SCANNED,
    "passwords": HandlingKind.RESTORED,
}
"""The kind that each step records, by the code of its group of instructions."""

_STEP_OF_KIND = {
    HandlingKind.ISOLATED: "disconnect",
    HandlingKind.SCANNED: "scan",
    HandlingKind.CLEANED: "scan",
    HandlingKind.REINSTALLED: "scan",
    HandlingKind.REPLACED: "scan",
    HandlingKind.RESTORED: "passwords",
}
_WORK_ANEW = ("sighting", "verifier")


@dataclass(frozen=True)
class CaseStep:
    """One of the three steps.

    Shapes: `state` is "done", "now" (the one that is open), "later", or "skipped" where a later
    one was done without it; `acts` are the handlings of the step that stand, the newest first.
    """

    code: str
    number: int
    title: str
    texts: Sequence[str]
    state: str
    acts: Sequence[Handling]

    @property
    def first_kind(self) -> str:
        """The kind of handling that the step records."""
        return FIRST_KIND[self.code].value


def steps_of(
    case: Case, handlings: Sequence[Handling], events: Sequence[CaseEvent]
) -> list[CaseStep]:
    """Return the three steps as `handlings` tell them.

    What was done before the machine was seen again, or before the unit above said no, is to be
    done again. Shapes: `events` of the case, the newest first.
    """
    since = _begun_anew(events)
    acts: dict[str, list[Handling]] = {code: [] for code in GROUPS}
    for handling in handlings:
        step = _STEP_OF_KIND.get(HandlingKind(handling.kind))
        is_old = since is not None and handling.told_at <= since
        if step is not None and handling.withdrawn_at is None and not is_old:
            acts[step].append(handling)
    done = [code for code, group in acts.items() if any(map(_does_step, group))]
    states = _states(list(GROUPS), done, is_open=case.closed_at is None)
    language = "en" if get_language() == "en" else "vi"
    titles = words_of(language)["groups"]
    return [
        CaseStep(
            code=code,
            number=number,
            title=str(titles[code]),
            texts=[instruction(line, language).text for line in GROUPS[code]],
            state=states[code],
            acts=acts[code],
        )
        for number, code in enumerate(GROUPS, start=1)
    ]


def open_step(steps: Sequence[CaseStep]) -> CaseStep | None:
    """Return the step that is to be done now, None where all are done or the case ended."""
    return next((step for step in steps if step.state == "now"), None)


def _does_step(handling: Handling) -> bool:
    """True when a handling does its step; a scan does by what it removed alone."""
    return handling.kind in (HandlingKind.ISOLATED, HandlingKind.RESTORED) or did_remove(handling)


def _states(codes: Sequence[str], done: Sequence[str], *, is_open: bool) -> dict[str, str]:
    after_last = max((codes.index(code) + 1 for code in done), default=0)
    states = {}
    for place, code in enumerate(codes):
        if code in done:
            states[code] = "done"
        elif place < after_last:
            states[code] = "skipped"
        else:
            states[code] = "now" if is_open and place == after_last else "later"
    return states


def _begun_anew(events: Sequence[CaseEvent]) -> datetime | None:
    return next(
        (
            event.at
            for event in events
            if event.kind == "recurred"
            or (event.kind == "reopened" and event.detail.get("because") in _WORK_ANEW)
        ),
        None,
    )
