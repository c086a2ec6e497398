"""What a letter asks for: its numbered items, with all that each says of itself."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from msgspec import structs

from quetsach.letters.due import KnownDate, dues_in
from quetsach.letters.kinds import BODY_WORDS, PERSON_WORDS
from quetsach.letters.lines import LetterLine, fold_accents
from quetsach.letters.model import (
    DetectedKind,
    LetterTask,
    OpenQuestions,
    Quote,
    ReadField,
    TaskKind,
)

# A point ends a sentence when a capital or a quote follows, but not after TP., KT., Th., v.v.
_END = re.compile(r"(?<=[.!?;]) +(?=\S)")
_SHORT = re.compile(r"(?:\A|[ (])(?:tp|kt|tm|tl|tuq|q|p|h|tx|tt|th|ths|ts|pgs|gs|dr|mr|mrs|no)\.\Z")

MARK = 5
"""What is shorter is the number of an item, and no sentence; in characters."""


def sentences(line: LetterLine) -> Iterator[Quote]:
    """Yield the sentences of a line, as written; a semicolon ends one too."""
    start = 0
    for end in _END.finditer(line.text):
        after = line.text[end.end()]
        before = line.text[start : end.start()]
        if len(before) < MARK:
            continue
        if before.endswith(";") or (
            not after.islower()
            and not after.isdecimal()
            and not _SHORT.search(fold_accents(before[-8:]))
        ):
            yield Quote(before.strip(), line.place)
            start = end.end()
    if line.text[start:].strip():
        yield Quote(line.text[start:].strip(), line.place)


# Names that hold the verbs of a task without asking for it: "công cụ hỗ trợ xử lý mã độc".
_NAMES = re.compile(
    r"(?P<kept>chien dich|cong cu|phan mem|giai phap|ke hoach)"
    r"(?: ho tro| phong chong| kiem tra| giam sat)?(?:,? (?:va )?(?:lam sach|ra soat|ra quet|quet"
    r"|xu ly|boc go|go bo|diet|phong chong|phat hien))+(?: ma doc| virus)?"
    r"|da duoc (?:\w+ ){0,2}(?:xac dinh|xu ly|kiem tra)|ket qua (?:ra soat|xu ly|kiem tra)"
    r"|thong tin va truyen thong|hoc tap va lam viec"
)

# "Chặn" without its accents is a foot and more, so what is blocked must follow; "ngăn chặn mã độc
# lây lan" blocks no address, "ngăn chặn các địa chỉ phát tán mã độc" does.
_TARGETS = (
    r"(?:dia chi|ten mien|ip|url|domain|duong dan|ket noi|truy cap|may chu|website"
    r"|trang (?:web|gia|lua|doc)|luu luong)"
)
_BLOCKING = re.compile(
    rf"(?<![a-z])(?:chan (?:[\w,]+ ){{0,5}}{_TARGETS}(?![a-z])"
    rf"|ngan chan (?:[\w,]+ ){{0,7}}?{_TARGETS}(?![a-z])"
    r"|ngan chan(?! (?:[\w,]+ ){0,5}(?:ma doc|virus|lay lan|nguy co|rui ro|tan cong|hanh vi"
    r"|tinh trang|viec|xam nhap|phat tan|su co|thiet hai)(?![a-z]))"
    r"|(?:cam|khong cho phep|khong cho|khoa|tu choi) (?:\w+ ){0,3}(?:truy cap|ket noi)"
    r"|dua (?:\w+ ){0,6}vao danh sach (?:chan|den|cam)"
    r"|block (?:access|all|any|the|these|those|every|connections?|traffic)|deny (?:access|all))"
    r"(?![a-z])"
)

_KINDS: tuple[tuple[TaskKind, re.Pattern[str]], ...] = (
    (
        TaskKind.INFORM,
        re.compile(
            r"(?<![a-z])(?:tuyen truyen|truyen thong ve|truyen thong|pho bien|quan triet|phat dong"
            r"|thong tin (?:rong rai|den)|thong bao (?:den|cho|toi|rong rai)"
            r"|nang cao (?:nhan thuc|canh giac)|raise awareness|inform|announce)(?![a-z])"
        ),
    ),
    (
        TaskKind.USE_TOOLS,
        re.compile(
            r"(?<![a-z])(?:(?:su dung|tai|cai dat|khai thac)(?: va (?:su dung|cai dat))?"
            r"(?: cac| bo| nhung)? (?:cong cu|phan mem (?:phong|diet|chong|quet|ra)|giai phap)"
            r"|use the (?:free )?tools?|(?:download|install) )"
        ),
    ),
    (
        TaskKind.TAKE_PART,
        re.compile(
            r"(?<![a-z])(?:(?:tich cuc |cung )?tham gia|huong ung|van dong"
            r"|take part|participate|join)"
            r"(?![a-z])"
        ),
    ),
    (
        TaskKind.MONITOR,
        re.compile(
            r"(?<![a-z])(?:giam sat|theo doi|kiem tra|ra soat|ra quet"
            r"|quet (?:toan bo |tat ca )?(?:cac )?may"
            r"|monitor|check|scan|review)"
            r"(?![a-z])"
        ),
    ),
    (TaskKind.BLOCK, _BLOCKING),
    (
        TaskKind.CLEAN,
        re.compile(
            r"(?<![a-z])(?:xu ly (?:cac |triet de |kip thoi )?(?:may|thiet bi|ma doc|cac ket noi"
            r"|he thong|lo hong)|lam sach|boc go|go bo|diet (?:ma doc|virus)|cach ly|co lap"
            r"|khac phuc"
            r"|clean(?! ?-?up campaign)|remove|disinfect)(?![a-z])"
        ),
    ),
    (
        TaskKind.REPORT,
        re.compile(r"(?<![a-z])(?:bao cao|gui ket qua|phan hoi|report|send (?:us )?the results)"),
    ),
    (
        TaskKind.COORDINATE,
        re.compile(
            r"(?<![a-z])(?:chu tri|phoi hop|huong dan|don doc|tong hop|dau moi|coordinate|compile)"
            r"(?![a-z])"
        ),
    ),
)


def kinds_in(sentences: Iterable[Quote]) -> tuple[DetectedKind, ...]:
    """Return what the sentences ask for; each kind once, with the first sentence that says it."""
    listed = list(sentences)
    sentence_by_kind: dict[TaskKind, DetectedKind] = {}
    for sentence in listed:
        for kind in _kinds(sentence.text):
            sentence_by_kind.setdefault(kind, DetectedKind(kind, sentence))
    if not sentence_by_kind and listed:
        return (DetectedKind(TaskKind.OTHER, listed[0]),)
    return tuple(sentence_by_kind.values())


def _kinds(text: str) -> Iterator[TaskKind]:
    folded = fold_accents(text)
    plain = _NAMES.sub(lambda found: found["kept"] or "", folded)
    for kind, pattern in _KINDS:
        # The name of a tool is what tells that one is to be used.
        if pattern.search(folded if kind is TaskKind.USE_TOOLS else plain):
            yield kind


# Who must do a task: "Giao X chủ trì ...", "Đề nghị X ...", X at its beginning, or above all.

_NAMED = (
    rf"(?:(?:cac |toan the |moi )?(?:{BODY_WORDS}|{PERSON_WORDS}|cap uy|chi bo|can bo)"
    # "Tổ chức rà soát" asks to arrange it, and names nobody.
    r"|(?:cac|quy|moi|tung|nhung) (?:co quan|don vi|to chuc|ban|xa|phuong|ap|truong))"
)
_ASKED = re.compile(
    rf"\A(?:giao(?: cho)?|de nghi|yeu cau|kinh de nghi|phan cong|uy quyen) (?={_NAMED})"
)
_LEAD = re.compile(rf"(?:(?<=de nghi )|(?<=yeu cau )|(?<=ask )|(?<=request ))(?={_NAMED}|all )")
_FIRST = re.compile(rf"\A{_NAMED}")
# The verb with which the task itself begins.
_VERB = re.compile(
    r" (?:(?:co )?trach nhiem|chu tri|chu dong|trien khai|to chuc|tiep tuc|phoi hop|huong dan"
    r"|thuc hien|tang cuong|khan truong|nghiem tuc|chi dao|phat dong|tuyen truyen|pho bien"
    r"|ra soat|kiem tra|giam sat|theo doi|tong hop|bao cao|tham gia|quan triet|gui|cu|bo tri"
    r"|xay dung|cung cap|su dung|cai dat|cap nhat|xu ly|quan tam|can cu|dam bao|bao dam|khong"
    r"|thong bao|lam|can|phai|du|tu)(?![a-z])|[:;]"
)


def who_does(source: Quote) -> ReadField[str]:
    """Return who is named as the one to do it; no value and no question where nobody is."""
    folded = fold_accents(source.text)
    asked = _ASKED.match(folded)
    start = asked.end() if asked else 0
    if asked is None and _FIRST.match(folded) is None:
        return ReadField()
    # "Ủy ban nhân dân xã yêu cầu các đơn vị ...": the sender is not the one who must act.
    lead = _LEAD.search(folded, start)
    end = _VERB.search(folded, start)
    if lead is not None and (end is None or lead.end() < end.start()):
        start, end = lead.end(), _VERB.search(folded, lead.end())
    if end is None or not 2 < end.start() - start <= 300:
        return ReadField()
    value = source.text[start : end.start()].strip(" ,:;")
    return ReadField(value, source) if value else ReadField()


def find_recipient_above(source: Quote) -> ReadField[str]:
    """Return who is asked in the words that lead a list in: "... đề nghị X chỉ đạo:"."""
    folded = fold_accents(source.text)
    if not folded.endswith(":"):
        return ReadField()
    starts = [found.end() for found in _LEAD.finditer(folded)]
    end = _VERB.search(folded, starts[-1]) if starts else None
    if end is None or not 2 < end.start() - starts[-1] <= 300:
        return ReadField()
    return ReadField(source.text[starts[-1] : end.start()].strip(" ,:;"), source)


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
class NumberedPoint:
    """One numbered item while its lines are gathered."""

    number: str
    lines: list[LetterLine]
    subs: "list[NumberedPoint]" = field(default_factory=list)
    more: bool = False


@dataclass(frozen=True)
class NumberedPoints:
    """The items of a body, what stood before them and after, and how many were left out."""

    before: tuple[LetterLine, ...]
    items: tuple[NumberedPoint, ...]
    after: tuple[LetterLine, ...]
    count: int


def items_of(body: Sequence[LetterLine]) -> NumberedPoints:
    """Return the items of the body, in its order."""
    before: list[LetterLine] = []
    after: list[LetterLine] = []
    items: list[NumberedPoint] = []
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
                items.append(NumberedPoint(name, [_without(line, number.end())]))
        elif not count or count > MOST_TASKS:
            before += [line] if not count else []
        elif after or _CLOSING.match(line.folded):
            after.append(line)
        else:
            _below(items[-1], line)
    return NumberedPoints(tuple(before), tuple(items), tuple(after), count)


def _follows(number: int, last: int, line: LetterLine) -> bool:
    """Tell whether it is the next item, and not a wrapped line that begins with a figure."""
    if number == 1 or number == last + 1:
        return True
    first = line.text.split(" ", 1)[-1].strip()[:1]
    return last < number <= last + 20 and first.isupper()


def _without(line: LetterLine, start: int) -> LetterLine:
    text = line.text[start:]
    moved = tuple(one - start for one in line.breaks if one > start)
    return replace(line, text=text, breaks=moved)


def _below(point: NumberedPoint, line: LetterLine) -> None:
    match = _DEEPER.match(line.folded) or _SUB.match(line.folded)
    if match is None:
        target = point.subs[-1] if point.subs and not line.text[:1].isupper() else point
        target.lines.append(line)
        return
    if len(point.subs) >= MOST_SUBTASKS:
        point.more = True
        return
    name = match[1] if match.re is _DEEPER else (match[1] or "-")
    point.subs.append(NumberedPoint(name, [_without(line, match.end())]))


def loose_items(before: Sequence[LetterLine]) -> Iterator[NumberedPoint]:
    """Yield what a letter without numbers asks for: its sentences with "đề nghị", its dashes."""
    asking = False
    for line in before:
        mark = _SUB.match(line.folded)
        if mark is not None and asking:
            yield NumberedPoint(mark[1] or "-", [_without(line, mark.end())])
        elif _CLOSING.match(line.folded):
            asking = False
        elif _ASKING.search(line.folded):
            asking = line.text.endswith(":")
            if not asking:
                yield NumberedPoint("", [line])


def task_of(
    point: NumberedPoint, *, dated: KnownDate, opened: OpenQuestions, path: str
) -> LetterTask:
    """Return the item with what it asks for, of whom, and until when."""
    if point.more:
        opened.ask(path, "entries-more", limit=MOST_SUBTASKS)
    of_point = [one for line in point.lines for one in sentences(line)]
    text = " ".join(line.text for line in point.lines)
    source = Quote(text, point.lines[0].place)
    subs = tuple(
        task_of(sub, dated=dated, opened=opened, path=f"{path}.{n}")
        for n, sub in enumerate(point.subs, 1)
    )
    dues = tuple(due for one in of_point for due in dues_in(one, dated, opened, f"{path}.dues"))
    who = who_does(of_point[0]) if of_point else ReadField[str]()
    return LetterTask(point.number, text, source, who, kinds_in(of_point), dues, subs)


def with_who(
    tasks: Sequence[LetterTask], lead: ReadField[str], opened: OpenQuestions
) -> tuple[LetterTask, ...]:
    """Return the tasks, each with who does it.

    Shapes: `lead` is who is asked above all items; a task that names nobody, above or below, gets
    a question; where no task names anybody it is one question for all.
    """
    nobody = not any(map(_names, tasks))
    if tasks and nobody and lead.value is None:
        lead = ReadField(question=opened.ask("tasks.who", "who-all"))
    assigned = []
    for n, task in enumerate(tasks, 1):
        who = task.who if _names(task) else lead
        if who.value is None and not _names(task) and not nobody:
            number = task.number if task.number.strip("-+•–·*") else n
            who = ReadField(question=opened.ask(f"tasks.{n}.who", "who", number=number))
        assigned.append(structs.replace(task, who=who))
    return tuple(assigned)


def _names(task: LetterTask) -> bool:
    return task.who.value is not None or any(map(_names, task.subtasks))
