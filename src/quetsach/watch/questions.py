"""A list that the portal asks of the fingerprints of a watch: days and indicators are answered.

The fingerprints and their secrets stay here. Only the list in force, which the watch has, is asked:
nobody can ask for a name of their own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from quetsach.fingerprints.asking import DayMatch, WouldMatch, would_hit
from quetsach.fingerprints.month_secrets import SecretFolder
from quetsach.indicators.model import Indicator
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.watch.portal import MOST_HEARTBEAT
from quetsach.watch.prints import FOLDER, JOINED, SECRETS
from quetsach.watch.state import WatchState

MOST_QUESTIONS = 5
MOST_HITS, MOST_SHOWN = 150, 10
"""A heartbeat has room for so much, as names are; of long ones it takes fewer."""

_LONGEST = 100
_MOST_REMEMBERED = 100

_ASKED, _ANSWERED = "prints_asked", "prints_answered"
"""Settings: open questions with when they came, in us; and those that were answered."""


def take_questions(state: WatchState, questions: Any, now_us: int) -> None:
    """Keep what the portal asks, texts `NUMBER:SHA-256`, as far as it was not answered yet."""
    if not isinstance(questions, list) or not (state.folder / FOLDER).is_dir():
        return
    open_before, answered = _kept(state, _ASKED), _kept(state, _ANSWERED)
    fresh = {
        text: now_us
        for text in questions[:MOST_QUESTIONS]
        if isinstance(text, str) and len(text) < _LONGEST and text not in answered
    }
    # What is asked no more is open no more.
    now_open = {text: open_before.get(text, when_us) for text, when_us in fresh.items()}
    if now_open != open_before:
        _keep(state, _ASKED, now_open)


def answers_to(state: WatchState, listed: Path) -> list[dict[str, Any]]:
    """Return the answers to the open questions that ask the list in force, at `listed`.

    What was read before a question came is joined with its day before it is answered.
    Errors: QuetsachError E202, E327, E328.
    """
    joined_us, digest = int(state.setting(JOINED, "0")), state.setting("portal_list")
    questions = [
        text
        for text, asked_us in _kept(state, _ASKED).items()
        if asked_us <= joined_us and digest and text.partition(":")[2] == digest
    ]
    if not questions:
        return []
    indicators = read_lists([listed], ListOptions()).indicators
    secrets = SecretFolder(state.folder / SECRETS)
    outcome = would_hit(indicators, state.folder / FOLDER, secrets)
    # One a heartbeat, for its size.
    return [{"question": text, **_answer(outcome)} for text in questions[:1]]


def fit_answers(message: dict[str, Any], answers: list[dict[str, Any]]) -> None:
    """Put `answers` into `message`, of the first only so many hits as a heartbeat has room for.

    Whatever is asked, the watch is heard of: what is left out is counted.
    """
    message["answers"] = answers
    hits = answers[0]["hits"]
    while hits and len(msgspec.json.encode(message)) > MOST_HEARTBEAT:
        fewer = hits[: len(hits) // 2]
        answers[0]["hits_left_out"] += len(hits) - len(fewer)
        answers[0]["hits"] = hits = fewer


def note_answered(state: WatchState, answers: list[dict[str, Any]]) -> None:
    """Keep that these answers arrived."""
    if not answers:
        return
    texts = {answer["question"]: 0 for answer in answers}
    still_open = {text: us for text, us in _kept(state, _ASKED).items() if text not in texts}
    answered = {**_kept(state, _ANSWERED), **texts}
    _keep(state, _ASKED, still_open)
    _keep(state, _ANSWERED, dict(list(answered.items())[-_MOST_REMEMBERED:]))


def _answer(outcome: WouldMatch) -> dict[str, Any]:
    hits = [row for match in outcome.hits for row in _rows(match)]
    return {
        "asked_days": len(outcome.asked),
        "incomplete": len(outcome.incomplete),
        "forgotten": len(outcome.forgotten) + len(outcome.problems),
        "cannot_tell": sum(outcome.cannot_tell.values()),
        "by_chance": outcome.by_chance,
        "hits": hits[:MOST_HITS],
        "hits_left_out": max(len(hits) - MOST_HITS, 0),
    }


def _rows(match: DayMatch) -> Iterator[dict[str, Any]]:
    for is_exact, indicators in ((True, match.exact), (False, match.in_part)):
        if indicators:
            yield {
                "first": None if match.day.first is None else match.day.first.isoformat(),
                "last": None if match.day.last is None else match.day.last.isoformat(),
                "is_exact": is_exact,
                "count": len(indicators),
                "indicators": _shown(indicators),
            }


def _shown(indicators: tuple[Indicator, ...]) -> list[str]:
    return [indicator.key[:_LONGEST] for indicator in indicators[:MOST_SHOWN]]


def _kept(state: WatchState, name: str) -> dict[str, int]:
    return msgspec.json.decode(state.setting(name, "{}"), type=dict[str, int])


def _keep(state: WatchState, name: str, content: dict[str, int]) -> None:
    with state.round():
        state.set({name: msgspec.json.encode(content).decode()})
