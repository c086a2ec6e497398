"""What a letter asks for: its numbered items, with all that each says of itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from msgspec import structs

from quetsach.letters.due import Dated, dues_in
from quetsach.letters.lines import Line
from quetsach.letters.model import Found, Source, Task
from quetsach.letters.questions import Open
from quetsach.letters.sentences import sentences
from quetsach.letters.task_kinds import kinds_in
from quetsach.letters.who import who_does

MOST_TASKS = 500
MOST_SUBTASKS = 200
"""How many items are read, and how many below each; the rest is counted in a question."""

_NUMBER = re.compile(r"([0-9]{1,3})[.)] ?(?=\S)")
_DEEPER = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,2}){1,3})[.)]? (?=\S)")
_SUB = re.compile(r"(?:([a-zđ])[.)]|([-+•–·*])) ?(?=\S)")
_SECTION = re.compile(r"(?:phan )?([ivx]{1,5})[.:)] ?(?=\S)")
# Parts of a plan that tell and ask nothing.
_TELLING = re.compile(r"muc dich|yeu cau|muc tieu|can cu|tinh hinh|pham vi|doi tuong")
_CLOSING = re.compile(
    r"(?:tren day|noi dung chi tiet|moi (?:thong tin|vuong mac|kho khan)|(?:trong )?qua trinh"
    r"|(?:de nghi|yeu cau)[^.]{0,150}(?:nghiem tuc|khan truong|quan tam)|nhan duoc|tran trong"
    r"|rat mong|thong tin (?:dau moi|lien he|chi tiet)|moi chi tiet|dau moi lien he"
    r"|sincerely|yours |regards|thank you|for (?:any )?questions|please contact)"
)
_ASKING = re.compile(
    r"(?:de nghi|yeu cau|giao |kinh de nghi|please |we (?:kindly )?(?:ask|request)|you are)"
)


@dataclass
class Item:
    """One numbered item while its lines are gathered."""

    number: str
    lines: list[Line]
    subs: "list[Item]" = field(default_factory=list)
    more: bool = False


@dataclass(frozen=True)
class Items:
    """The items of a body, what stood before them and after, and how many were left out."""

    before: tuple[Line, ...]
    items: tuple[Item, ...]
    after: tuple[Line, ...]
    count: int


def items_of(body: Sequence[Line]) -> Items:
    """Return the items of the body, in its order."""
    before: list[Line] = []
    after: list[Line] = []
    items: list[Item] = []
    section, telling, count, last = "", False, 0, 0
    for line in body:
        heading = _SECTION.match(line.folded)
        number = _NUMBER.match(line.folded)
        if heading is not None and line.text[: heading.end()].strip(" .:)")[-1:].isupper():
            section, last = heading[1].upper(), 0
            telling = _TELLING.search(line.folded[:80]) is not None
            before.append(line)
        elif telling:
            before.append(line)
        elif number is not None and _follows(int(number[1]), last, line):
            last, count = int(number[1]), count + 1
            after = []
            if count <= MOST_TASKS:
                name = f"{section}.{number[1]}" if section else number[1]
                items.append(Item(name, [_without(line, number.end())]))
        elif not count or count > MOST_TASKS:
            before += [line] if not count else []
        elif after or _CLOSING.match(line.folded):
            after.append(line)
        else:
            _below(items[-1], line)
    return Items(tuple(before), tuple(items), tuple(after), count)


def _follows(number: int, last: int, line: Line) -> bool:
    """Tell whether it is the next item, and not a wrapped line that begins with a figure."""
    if number == 1 or number == last + 1:
        return True
    first = line.text.split(" ", 1)[-1].strip()[:1]
    return last < number <= last + 20 and first.isupper()


def _without(line: Line, start: int) -> Line:
    text = line.text[start:]
    moved = tuple(one - start for one in line.breaks if one > start)
    return replace(line, text=text, breaks=moved)


def _below(item: Item, line: Line) -> None:
    found = _DEEPER.match(line.folded) or _SUB.match(line.folded)
    if found is None:
        target = item.subs[-1] if item.subs and not line.text[:1].isupper() else item
        target.lines.append(line)
        return
    if len(item.subs) >= MOST_SUBTASKS:
        item.more = True
        return
    name = found[1] if found.re is _DEEPER else (found[1] or "-")
    item.subs.append(Item(name, [_without(line, found.end())]))


def loose_items(before: Sequence[Line]) -> Iterator[Item]:
    """Yield what a letter without numbers asks for: its sentences with "đề nghị", its dashes."""
    asking = False
    for line in before:
        mark = _SUB.match(line.folded)
        if mark is not None and asking:
            yield Item(mark[1] or "-", [_without(line, mark.end())])
        elif _CLOSING.match(line.folded):
            asking = False
        elif _ASKING.search(line.folded):
            asking = line.text.endswith(":")
            if not asking:
                yield Item("", [line])


def task_of(item: Item, *, dated: Dated, opened: Open, path: str) -> Task:
    """Return the item with what it asks for, of whom, and until when."""
    if item.more:
        opened.ask(path, "entries-more", limit=MOST_SUBTASKS)
    told = [one for line in item.lines for one in sentences(line)]
    text = " ".join(line.text for line in item.lines)
    source = Source(text, item.lines[0].place)
    subs = tuple(
        task_of(sub, dated=dated, opened=opened, path=f"{path}.{n}")
        for n, sub in enumerate(item.subs, 1)
    )
    dues = tuple(due for one in told for due in dues_in(one, dated, opened, f"{path}.dues"))
    who = who_does(told[0]) if told else Found[str]()
    return Task(item.number, text, source, who, kinds_in(told), dues, subs)


def with_who(tasks: Sequence[Task], lead: Found[str], opened: Open) -> tuple[Task, ...]:
    """Return the tasks, each with who does it.

    Shapes: `lead` is who is asked above all items; a task that names nobody, above or below, gets
    a question; where no task names anybody it is one question for all.
    """
    nobody = not any(map(_names, tasks))
    if tasks and nobody and lead.value is None:
        lead = Found(question=opened.ask("tasks.who", "who-all"))
    found = []
    for n, task in enumerate(tasks, 1):
        who = task.who if _names(task) else lead
        if who.value is None and not _names(task) and not nobody:
            number = task.number if task.number.strip("-+•–·*") else n
            who = Found(question=opened.ask(f"tasks.{n}.who", "who", number=number))
        found.append(structs.replace(task, who=who))
    return tuple(found)


def _names(task: Task) -> bool:
    return task.who.value is not None or any(map(_names, task.subtasks))
