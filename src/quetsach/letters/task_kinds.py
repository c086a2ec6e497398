"""What a sentence of a letter asks for, told by its verbs."""

import re
from collections.abc import Iterable, Iterator

from quetsach.letters.lines import fold
from quetsach.letters.model import KindFound, Source, TaskKind

# Names that hold the verbs of a task without asking for it: "công cụ hỗ trợ xử lý mã độc".
_NAMES = re.compile(
    r"(?P<kept>chien dich|cong cu|phan mem|giai phap|ke hoach)"
    r"(?: ho tro| phong chong| kiem tra| giam sat)?(?:,? (?:va )?(?:lam sach|ra soat|ra quet|quet"
    r"|xu ly|boc go|go bo|diet|phong chong|phat hien))+(?: ma doc| virus)?"
    r"|da duoc (?:\w+ ){0,2}(?:xac dinh|xu ly|kiem tra)|ket qua (?:ra soat|xu ly|kiem tra)"
    r"|thong tin va truyen thong|hoc tap va lam viec"
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


def kinds_in(sentences: Iterable[Source]) -> tuple[KindFound, ...]:
    """Return what the sentences ask for; each kind once, with the first sentence that says it."""
    listed = list(sentences)
    found: dict[TaskKind, KindFound] = {}
    for one in listed:
        for kind in _kinds(one.text):
            found.setdefault(kind, KindFound(kind, one))
    if not found and listed:
        return (KindFound(TaskKind.OTHER, listed[0]),)
    return tuple(found.values())


def _kinds(text: str) -> Iterator[TaskKind]:
    folded = fold(text)
    plain = _NAMES.sub(lambda found: found["kept"] or "", folded)
    for kind, pattern in _KINDS:
        # The name of a tool is what tells that one is to be used.
        if pattern.search(folded if kind is TaskKind.USE_TOOLS else plain):
            yield kind
