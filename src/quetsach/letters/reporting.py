"""Where the results go: the campaign's page, who compiles, to whom and through whom; contacts."""

import re
from collections.abc import Iterable, Iterator, Sequence

from quetsach.letters.kinds import BODY_WORDS, PERSON_WORDS
from quetsach.letters.lines import LetterLine, fold_accents
from quetsach.letters.model import (
    LetterContact,
    LetterTask,
    OpenQuestions,
    Quote,
    ReadField,
    TaskKind,
)

MOST_FOUND = 50

_URL = re.compile(r"https?://[^\s<>\"“”()\[\]{}]{3,500}")
_BODY = rf"(?:(?:lanh dao )?{BODY_WORDS}|{PERSON_WORDS})"
_ENDS = (
    r"(?= \(|[,;:()]|\.(?: |\Z|/)| (?:truoc|cham nhat|muon nhat|trong|de (?:tong|theo|bao|biet|xem)"
    r"|theo|qua|bang|va gui|dinh ky|den het|chu tri|phoi hop|tong hop) |\Z)"
)
_TO = re.compile(
    r"(?:bao cao|ket qua|gui|phan hoi|van ban)[^.;]{0,160}?"
    r" (?:den|ve|gui ve|gui den|gui|cho|toi) "
    rf"(?={_BODY})"
)
_TO_WHOM = re.compile(rf"bao cao(?: ket qua)?(?: thuc hien)? (?={_BODY})")
_THEN = re.compile(r" de (?:tong hop|bao cao|trinh)(?![a-z])")
_NAME_END = re.compile(_ENDS)
_LONGEST_NAME = 160
_THROUGH = re.compile(
    rf"(?: ?\(|,? )(?:thong qua|qua) (?P<through>{_BODY}[^();]{{0,120}}?)(?=[();]|\.(?: |\Z)| truoc"
    r"| de | cham nhat|,|\Z)"
)
_COMPILES = re.compile(
    rf"(?P<by>{_BODY}[^.;:]{{0,160}}?) (?:(?:la )?(?:don vi |co quan )?(?:chu tri|dau moi|co trach"
    r" nhiem|tong hop|huong dan|theo doi)(?![a-z]))"
)
_COMPILE = re.compile(r"(?<![a-z])(?:tong hop|compile)(?![a-z])")
_PHONE = re.compile(
    r"(?:dien thoai|so dt|sdt|dt|di dong|hotline|duong day nong|tel|phone|mobile|zalo)"
    r"[^0-9+]{0,20}(?P<phone>\+?[0-9(][0-9 .()-]{6,18}[0-9])"
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PERSON = re.compile(
    r"(?:dong chi|d/c|ong|ba|anh|chi|mr\.?|ms\.?|mrs\.?|(?:dai|thuong|trung|thieu) (?:uy|ta))"
    r"[ :]{1,3}"
    r"(?P<name>[a-z]{1,10}(?: [a-z]{1,10}){1,4})"
)
_ANNEX = re.compile(
    r"(?:(?:co |theo |tai |chi tiet (?:theo |tai )?)?(?:cac )?"
    r"(?:phu luc|danh sach|bieu mau|de cuong)"
    r"(?: (?:[ivx]{1,4}|[0-9]{1,2}))?[^.;,()]{0,60}?(?:dinh kem|kem theo|gui kem|ban hanh kem)"
    r"(?: (?:theo )?(?:cong )?van ban(?: nay)?)?"
    r"|(?:theo|tai|xem) (?:cac )?(?:phu luc|bieu mau|mau)(?: (?:so )?(?:[ivx]{1,4}|[0-9]{1,2}))?"
    r"|gui kem (?:theo )?[^.;,()]{0,60}|(?:attached|enclosed|annex|appendix) [^.;,()]{0,60})"
    r"(?![a-z])"
)


def page_of(
    lines: Sequence[LetterLine], opened: OpenQuestions, *, campaign: bool
) -> ReadField[str]:
    """Return the campaign's web page: the only one that the body names, or the one beside it."""
    places_by_url: dict[str, tuple[LetterLine, int]] = {}
    for line in lines:
        for url in _URL.finditer(line.text):
            url_text = url[0].rstrip(".,;:!?'*_")
            places_by_url.setdefault(url_text, (line, url.start()))
        for link in line.links:
            if link.startswith(("http://", "https://")) and len(link) < 500:
                places_by_url.setdefault(link, (line, 0))
        if len(places_by_url) > MOST_FOUND:
            break
    near = {
        url_text: where
        for url_text, where in places_by_url.items()
        if re.search(r"chien dich|campaign", where[0].folded[: where[1]] + fold_accents(url_text))
    }
    candidates = near or places_by_url
    # A link's target and its text may differ in a closing stroke alone.
    names = list(dict.fromkeys(url_text.rstrip("/") for url_text in candidates))
    if not names:
        return ReadField(question=opened.ask("campaign_page", "page")) if campaign else ReadField()
    line, start = next(iter(candidates.values()))
    if len(names) > 1:
        words = ", ".join(names[:5])
        return ReadField(question=opened.ask("campaign_page", "page-several", words=words))
    if any(start < place <= start + len(names[0]) for place in line.breaks):
        question = opened.ask("campaign_page", "page-broken", words=names[0])
        return ReadField(source=line.source, question=question, partial=names[0])
    return ReadField(next(iter(candidates)), line.source)


def compiler_of(
    tasks: Iterable[LetterTask], sentences: Sequence[Quote], opened: OpenQuestions
) -> ReadField[str]:
    """Return who compiles the results."""
    compilers: dict[str, Quote] = {}
    for task in _every(tasks):
        kinds = {found.kind for found in task.kinds}
        if task.who.value is not None and TaskKind.COORDINATE in kinds:
            text = fold_accents(task.text)
            # Who sends something in "để tổng hợp" is not the one who compiles.
            if " de tong hop" not in text and (_COMPILE.search(text) or "chu tri" in text):
                compilers.setdefault(task.who.value, task.source)
    for sentence in sentences:
        text = fold_accents(sentence.text)
        for start, end in _named(text) if _COMPILE.search(text) else ():
            if " de tong hop" in text[end:].partition(";")[0]:
                compilers.setdefault(sentence.text[start:end].strip(), sentence)
    return _only(compilers, "compiler", opened)


def report_to(
    sentences: Sequence[Quote], opened: OpenQuestions, *, needed: bool
) -> tuple[ReadField[str], ReadField[str]]:
    """Return to whom the report goes, and through which office."""
    to: dict[str, Quote] = {}
    through: dict[str, Quote] = {}
    for sentence in sentences:
        text = fold_accents(sentence.text)
        if "bao cao" not in text and "ket qua" not in text:
            continue
        for start, end in _named(text):
            if not sentence.text[start].isupper():
                # "báo cáo phòng, chống mã độc" goes to nobody.
                continue
            to.setdefault(sentence.text[start:end].strip(), sentence)
            by = _THROUGH.match(text, end)
            if by is not None:
                name = sentence.text[by.start("through") : by.end("through")].strip()
                through.setdefault(name, sentence)
    if not to and not needed:
        return ReadField(), ReadField()
    target = _only(to, "report-to", opened, field="report_to")
    if target.value is None or len(through) != 1:
        return target, ReadField()
    name, source = next(iter(through.items()))
    return target, ReadField(name, source)


def _named(folded: str) -> Iterator[tuple[int, int]]:
    """Yield where the bodies and people are named to whom something is sent."""
    for pattern in (_TO, _TO_WHOM):
        # "... để tổng hợp, báo cáo Bộ Công an": what follows is what the one who gets it does.
        ends = _THEN.search(folded)
        for found in pattern.finditer(folded, 0, ends.start() if ends else len(folded)):
            start, most = found.end(), found.end() + _LONGEST_NAME
            end = _NAME_END.search(folded, start + 1, most)
            if end is not None and (end.start() < most or most >= len(folded)):
                yield start, end.start()


def _only(
    candidates: dict[str, Quote], code: str, opened: OpenQuestions, *, field: str = ""
) -> ReadField[str]:
    name = field or code
    if not candidates:
        return ReadField(question=opened.ask(name, code))
    different = {fold_accents(first): first for first in candidates}
    first, source = next(iter(candidates.items()))
    if len(different) > 1:
        words = "; ".join(list(different.values())[:5])
        return ReadField(source=source, question=opened.ask(name, f"{code}-several", words=words))
    return ReadField(first, source)


def _every(tasks: Iterable[LetterTask]) -> Iterator[LetterTask]:
    for task in tasks:
        yield task
        yield from _every(task.subtasks)


def contact_of(sentences: Sequence[Quote]) -> LetterContact:
    """Return whom to ask, where the letter names somebody; no question where it does not."""
    person: ReadField[str] = ReadField()
    phone: ReadField[str] = ReadField()
    mail: ReadField[str] = ReadField()
    for sentence in sentences:
        text = fold_accents(sentence.text)
        number = _PHONE.search(text)
        address = _MAIL.search(sentence.text)
        if number is not None and phone.value is None:
            phone = ReadField(sentence.text[number.start("phone") : number.end("phone")], sentence)
        if address is not None and mail.value is None:
            mail = ReadField(address[0], sentence)
        if (number or address or "lien he" in text) and person.value is None:
            person = _person(sentence, text)
    return LetterContact(person, phone, mail)


def _person(source: Quote, folded: str) -> ReadField[str]:
    for found in _PERSON.finditer(folded):
        words = source.text[found.start("name") : found.end("name")].split()
        name: list[str] = []
        for word in words:
            if not word[0].isupper():
                break
            name.append(word)
        if len(name) > 1:
            return ReadField(" ".join(name), source)
    return ReadField()


def annexes_in(sentences: Iterable[Quote]) -> tuple[Quote, ...]:
    """Return the words that mention an annex, a list or a form sent along."""
    annexes: list[Quote] = []
    for sentence in sentences:
        for match in _ANNEX.finditer(fold_accents(sentence.text)):
            words = sentence.text[match.start() : match.end()].strip()
            annexes.append(Quote(words, sentence.place))
            if len(annexes) >= MOST_FOUND:
                return tuple(annexes)
    return tuple(annexes)
