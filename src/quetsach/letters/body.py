"""The body of a letter: what it rests on, what it asks for, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from quetsach.letters.basis import MOST_BASIS, basis_in
from quetsach.letters.due import Dated, dues_in
from quetsach.letters.issued import Issued
from quetsach.letters.lines import Line, paragraphs
from quetsach.letters.model import Basis, Due, Found, Source, Task
from quetsach.letters.questions import Open
from quetsach.letters.sentences import sentences
from quetsach.letters.tasks import (
    MOST_TASKS,
    Items,
    items_of,
    loose_items,
    task_of,
    with_who,
)
from quetsach.letters.who import asked_above


@dataclass(frozen=True)
class Body:
    """What the body says, before it is checked for contradictions."""

    basis: tuple[Basis, ...]
    tasks: tuple[Task, ...]
    dues: tuple[Due, ...]
    told: tuple[Source, ...]
    lines: tuple[Line, ...]


def body_of(lines: Sequence[Line], when: Issued, opened: Open) -> Body:
    """Return what the lines of the body say; what is not sure is a question."""
    whole = paragraphs(lines)
    items = items_of(whole)
    day = None if when.date.value is None else date.fromisoformat(when.date.value)
    dated = Dated(when.year, day)
    told = tuple(one for line in whole if not line.cells for one in sentences(line))
    tasks = _tasks(items, dated, opened)
    of_tasks = [due for task in tasks for due in _dues(task)]
    left = (line for line in (*items.before, *items.after) if items.count and not line.cells)
    # What loose items say is in the tasks already.
    others = [
        due
        for line in left
        for one in sentences(line)
        for due in dues_in(one, dated, opened, "dues")
    ]
    return Body(_basis(items, whole, opened), tasks, (*of_tasks, *others), told, tuple(whole))


def _basis(items: Items, whole: Sequence[Line], opened: Open) -> tuple[Basis, ...]:
    """Return what the letter rests on: named before its items; else anywhere."""
    for lines in (items.before if items.count else (), whole):
        found = [one for line in lines if not line.cells for one in basis_in(line, opened)]
        if len(found) > MOST_BASIS:
            opened.ask("basis", "entries-more", limit=MOST_BASIS)
        if found:
            return tuple(found[:MOST_BASIS])
    return ()


def _tasks(items: Items, dated: Dated, opened: Open) -> tuple[Task, ...]:
    wanted = list(items.items) or list(loose_items(items.before))[:MOST_TASKS]
    found = []
    for n, item in enumerate(wanted, 1):
        path = f"tasks.{n}"
        found.append(task_of(item, dated=dated, opened=opened, path=path))
    if not found:
        opened.ask("tasks", "tasks")
    if items.count > MOST_TASKS:
        opened.ask("tasks", "tasks-more", count=items.count, limit=MOST_TASKS)
    _ask_of_numbers(found, opened)
    return with_who(found, _lead(items), opened)


def _lead(items: Items) -> Found[str]:
    """Return who is asked above the items, by the last words that lead them in."""
    told = [one for line in items.before[-5:] for one in sentences(line)]
    leads = [who for one in told if (who := asked_above(one)).value is not None]
    return leads[-1] if leads else Found()


def _ask_of_numbers(tasks: Sequence[Task], opened: Open) -> None:
    """Ask about items that are missing between two others."""
    for before, after in pairwise(tasks):
        if before.number.isdecimal() and after.number.isdecimal():
            first, second = int(before.number), int(after.number)
            if second > first + 1:
                opened.ask("tasks", "tasks-numbers", before=first, after=second)


def _dues(task: Task) -> list[Due]:
    return [*task.dues, *(due for sub in task.subtasks for due in _dues(sub))]


def due_of(dues: Sequence[Due], when: Issued, *, needed: bool, opened: Open) -> Found[str]:
    """Return the one last moment for the report; null with a question where several stand."""
    wanted = [one for one in dues if one.report] or list(dues)
    sure = {one.last_moment: one for one in wanted if one.last_moment is not None}
    unsure = next((one for one in wanted if one.question is not None), None)
    if len(sure) > 1:
        words = "; ".join(one.words for one in sure.values())
        return Found(question=opened.ask("due", "due-several", words=words))
    if unsure is not None:
        return Found(source=unsure.source, question=unsure.question, partial=unsure.words)
    if not sure:
        repeated = next((one for one in wanted if one.repeats), None)
        if repeated is not None:
            return Found(source=repeated.source, partial=repeated.words)
        return Found(question=opened.ask("due", "due")) if needed or not dues else Found()
    moment, due = next(iter(sure.items()))
    own = when.date.value
    if own is not None and moment is not None and moment[:10] < own:
        question = opened.ask("due", "due-early", date=own, due=due.words)
        return Found(source=due.source, question=question, partial=due.words)
    return Found(moment, due.source)
