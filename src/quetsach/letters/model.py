"""What a letter says, field by field: each value with the words it came from, or a question.

A value that the letter does not give, or does not give surely, is null: nothing is ever guessed.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar

from msgspec import Meta, Struct

from quetsach.errors.catalogue import N_
from quetsach.letters.holder_request import HOLDER_QUESTIONS, HolderRequest
from quetsach.readers.contract import BlockPlace
from quetsach.texts import _

T = TypeVar("T")


class DocumentLikeness(StrEnum):
    """What the document looks like as a whole."""

    STATE = "state"
    PARTY = "party"
    ENGLISH = "english"
    NONE = "none"


class ReadCapacity(StrEnum):
    """In whose stead a letter is signed.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, II.7; T/M, K/T and T/L on letters of the Party.
    """

    DIRECT = "direct"
    TM = "TM"
    KT = "KT"
    TL = "TL"
    TUQ = "TUQ"
    Q = "Q"


class ReadUrgency(StrEnum):
    """How soon it must be delivered, by the decree's three degrees."""

    EXPRESS = "HỎA TỐC"
    VERY_URGENT = "THƯỢNG KHẨN"
    URGENT = "KHẨN"


class TaskKind(StrEnum):
    """What a task asks for."""

    INFORM = "inform"
    USE_TOOLS = "use_tools"
    TAKE_PART = "take_part"
    MONITOR = "monitor"
    BLOCK = "block"
    CLEAN = "clean"
    REPORT = "report"
    COORDINATE = "coordinate"
    OTHER = "other"


class CountedThing(StrEnum):
    """What the figure of a row of a form seems to count, by the words of its label."""

    ORGANISATIONS = "organisations"
    PEOPLE = "people"
    TURNS = "turns"
    MACHINES = "machines"
    ADDRESSES = "addresses"
    DETECTIONS = "detections"


class Quote(Struct, frozen=True):
    """The words that a value was read from, unchanged, and where they begin."""

    text: Annotated[str, Meta(description="the sentence or line, as written")]
    place: Annotated[
        BlockPlace, Meta(description="page, table, row and line, as the document has them")
    ]


class ReadField(Struct, Generic[T], frozen=True):
    """One field: its value, or null with a question where the letter does not say it surely.

    What a letter need not have (a degree of urgency, a contact) is null without a question.
    """

    value: Annotated[T | None, Meta(description="what the letter says; null where unsure")] = None
    source: Annotated[Quote | None, Meta(description="the words it came from")] = None
    question: Annotated[
        str | None, Meta(description="what a person must look up; null where nothing is open")
    ] = None
    partial: Annotated[
        str, Meta(description='what is known of an unsure value, such as "2022-09" of a date')
    ] = ""


class LetterQuestion(Struct, frozen=True):
    """One thing that a person must look up or decide."""

    field: Annotated[str, Meta(description='the field it is about, such as "tasks.3.dues"')]
    code: Annotated[str, Meta(description="kind of the question; never changes")]
    text: Annotated[str, Meta(description="the question, in the language asked for")]


class DueDate(Struct, frozen=True):
    """A due date. `last_moment` is the last second in which the report is still in time."""

    words: Annotated[str, Meta(description="as written: trước ngày 29/9/2022")]
    source: Annotated[Quote, Meta(description="the sentence it stands in")]
    last_moment: Annotated[
        str | None, Meta(description="ISO 8601 with offset; null where unsure or repeated")
    ] = None
    inclusive: Annotated[
        bool, Meta(description="false for 'trước': the day or hour named is already too late")
    ] = True
    repeats: Annotated[
        str, Meta(description='"weekly", "monthly", "quarterly", "yearly", or "" for once')
    ] = ""
    day: Annotated[
        int | None, Meta(description="of a repeated one: day of the month, or weekday (1 = Monday)")
    ] = None
    report: Annotated[bool, Meta(description="whether its sentence asks for a report")] = False
    question: Annotated[str | None, Meta(description="what must be looked up")] = None


class DetectedKind(Struct, frozen=True):
    """One thing that a task asks for, and the very sentence that says so."""

    kind: TaskKind
    source: Quote


class LetterTask(Struct, frozen=True):
    """One numbered item of what the letter asks for."""

    number: Annotated[str, Meta(description='as numbered: "1", "a", "II.1"; "" for none')]
    text: Annotated[str, Meta(description="its words, without its sub-tasks")]
    source: Quote
    who: Annotated[ReadField[str], Meta(description="who must do it")]
    kinds: Annotated[tuple[DetectedKind, ...], Meta(description="what it asks for, one or several")]
    dues: Annotated[tuple[DueDate, ...], Meta(description="until when, as it says itself")] = ()
    subtasks: Annotated[
        tuple["LetterTask", ...], Meta(description="items below it: a), b), dashes, 1.1")
    ] = ()


class LegalBasis(Struct, frozen=True):
    """A letter, plan or law that this letter rests on."""

    kind: Annotated[str, Meta(description='as named: "Công văn"')]
    number: ReadField[str]
    code: ReadField[str]
    date: Annotated[ReadField[str], Meta(description="ISO 8601 day")]
    issuer: ReadField[str]
    subject: ReadField[str]
    source: Quote


class LetterContact(Struct, frozen=True):
    """Whom to ask."""

    person: ReadField[str]
    phone: ReadField[str]
    mail: ReadField[str]


class ReadSigner(Struct, frozen=True):
    """Who signed, and by what right."""

    name: ReadField[str]
    position: Annotated[ReadField[str], Meta(description="the signer's own post")]
    capacity: Annotated[ReadField[ReadCapacity], Meta(description="TM, KT, TL, TUQ, Q, or direct")]
    on_behalf_of: Annotated[
        ReadField[str], Meta(description="the body or post that is signed for; null when direct")
    ]


class FormField(Struct, frozen=True):
    """A blank to fill in with words."""

    label: str
    section: Annotated[str, Meta(description="title of the section it stands in")]
    source: Quote


class FormRow(Struct, frozen=True):
    """A row of a table to fill in."""

    number: str
    label: str
    counts: Annotated[
        CountedThing | None,
        Meta(description="what its figure seems to count, by its words; null: ask"),
    ]
    source: Quote


class FormTable(Struct, frozen=True):
    """A table of an appendix: its columns and its rows."""

    columns: tuple[str, ...]
    rows: Annotated[tuple[FormRow, ...], Meta(description="the first 200 rows")]
    row_count: int
    section: str
    blank: Annotated[bool, Meta(description="whether it is to be filled in; else it is a list")]
    source: Quote


class ReadAppendix(Struct, frozen=True):
    """An appendix of the letter: a form to fill in, or a list."""

    number: Annotated[str, Meta(description='"I", "02", or "" for the only one')]
    title: ReadField[str]
    sections: tuple[str, ...]
    fields: tuple[FormField, ...]
    tables: tuple[FormTable, ...]
    is_form: Annotated[bool, Meta(description="whether anything of it is to be filled in")]
    known_form: Annotated[
        str | None, Meta(description="code of the form of this program that it equals, or null")
    ]
    source: Quote


class KnownForm(Struct, frozen=True):
    """A form that the program can fill, to compare an appendix with."""

    code: str
    title: str
    fields: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    rows: tuple[str, ...]


class IndicatorCount(Struct, frozen=True):
    """How many indicators the document holds, and where; the lists themselves are read apart."""

    count: int
    places: Annotated[
        tuple[str, ...], Meta(description="pages, tables or rows of the first of them, in words")
    ]


class ReadLetter(Struct, frozen=True):
    """All that was read of one letter."""

    file: Annotated[str, Meta(description="name of the file")]
    sha256: Annotated[str, Meta(description="digest of the file")]
    form: Annotated[str, Meta(description="kind of the file: docx, pdf, text ...")]
    looks: Annotated[
        DocumentLikeness, Meta(description="whether it looks like a letter, and of whom")
    ]
    by_ocr: Annotated[bool, Meta(description="whether a machine read it from a picture")]
    issuer: Annotated[ReadField[str], Meta(description="the body that issues it")]
    parent: Annotated[
        ReadField[str], Meta(description="the body above; null where it stands alone")
    ]
    number: Annotated[ReadField[str], Meta(description="digits as written")]
    code: Annotated[ReadField[str], Meta(description="such as UBND-TH")]
    date: Annotated[ReadField[str], Meta(description="ISO 8601 day")]
    place: Annotated[ReadField[str], Meta(description="where it was issued")]
    kind: Annotated[ReadField[str], Meta(description="công văn, kế hoạch, báo cáo ...")]
    subject: Annotated[ReadField[str], Meta(description="what it is about, without V/v")]
    urgency: Annotated[ReadField[ReadUrgency], Meta(description="HỎA TỐC, THƯỢNG KHẨN or KHẨN")]
    addressees: Annotated[ReadField[tuple[str, ...]], Meta(description="Kính gửi, an entry a line")]
    basis: Annotated[tuple[LegalBasis, ...], Meta(description="what it rests on")]
    tasks: Annotated[tuple[LetterTask, ...], Meta(description="what it asks for, in its order")]
    due: Annotated[ReadField[str], Meta(description="last moment for the report: ISO 8601")]
    dues: Annotated[
        tuple[DueDate, ...], Meta(description="every due date, in the order of the text")
    ]
    campaign_page: Annotated[ReadField[str], Meta(description="web address")]
    compiler: Annotated[ReadField[str], Meta(description="who compiles the results")]
    report_to: Annotated[ReadField[str], Meta(description="to whom the report goes")]
    report_through: Annotated[ReadField[str], Meta(description="through which office")]
    contact: Annotated[
        LetterContact, Meta(description="whom to ask, where the letter names somebody")
    ]
    annexes: Annotated[
        tuple[Quote, ...], Meta(description="words that mention an annex or a list sent along")
    ]
    appendices: Annotated[tuple[ReadAppendix, ...], Meta(description="appendices in this document")]
    recipients: Annotated[ReadField[tuple[str, ...]], Meta(description="Nơi nhận, without Lưu")]
    filed: Annotated[ReadField[str], Meta(description="where it is kept: VT")]
    signer: Annotated[ReadSigner, Meta(description="who signed, and by what right")]
    indicators: Annotated[
        IndicatorCount | None,
        Meta(
            description="null where it was not searched: no list reader knows it, or it is a scan"
        ),
    ]
    complete: Annotated[bool, Meta(description="whether all of the file was read")]
    problems: Annotated[tuple[str, ...], Meta(description="what was unusual or could not be read")]
    questions: Annotated[
        tuple[LetterQuestion, ...], Meta(description="every open question, in order")
    ]
    holder_request: Annotated[
        HolderRequest | None, Meta(description="who held addresses is asked; null: another letter")
    ] = None


QUESTIONS: Mapping[str, str] = {
    "not-a-letter": N_("This does not look like an official letter. Is it the right file?"),
    "english": N_("This letter is in English and was read as best it could be. Check every field."),
    "ocr": N_("A machine read this letter from pictures. Compare every value with the paper."),
    "too-long": N_(
        "The document is longer than is read as a letter. Is anything asked for further down?"
    ),
    "issuer": N_("Which body issued the letter? Its name was not found at the top left."),
    "parent": N_("Which body stands above %(body)s? The letter's head does not name it."),
    "number": N_("Which number was the letter given? Look at the stamp or in the register."),
    "number-file": N_(
        "Which number was the letter given? The letter has none, but the name of the file "
        "says %(hint)s."
    ),
    "number-glued": N_(
        "Which part of %(words)s is the number, and which the code? It was stamped later."
    ),
    "number-differs": N_(
        "The letter says number %(number)s, the name of the file %(hint)s. Which one is right?"
    ),
    "code": N_("Which code does the letter have, such as UBND-TH? It stands after the number."),
    "date": N_("On which day was the letter issued? Look at the stamp or in the register."),
    "date-partial": N_(
        "On which day of the month %(month)s was the letter issued? Look at the stamp or in the "
        "register."
    ),
    "date-year": N_(
        "On which day of the year %(year)s was the letter issued? Look at the stamp or in the "
        "register."
    ),
    "date-order": N_(
        "Which day is meant by %(words)s? It was stamped later, and day and month may be swapped."
    ),
    "date-impossible": N_("There is no such day: %(words)s. Which day is meant?"),
    "date-several": N_("The letter's head names several days: %(words)s. Which one is its own?"),
    "kind": N_("What kind of document is it (công văn, kế hoạch ...)?"),
    "kind-differs": N_(
        "The code says %(code)s, the title says %(title)s. What kind of document is it?"
    ),
    "subject": N_("What is the letter about? No subject was found."),
    "addressees": N_("To whom is the letter addressed? No list was found."),
    "basis-number": N_("Which number has the %(kind)s that the letter rests on?"),
    "basis-date": N_("Of which day is the %(kind)s that the letter rests on?"),
    "tasks": N_("What does the letter ask for? No numbered items were found."),
    "tasks-more": N_("The letter has %(count)s items; the first %(limit)s were read. What else?"),
    "entries-more": N_(
        "There are more entries here than are read; the first %(limit)s were. What else?"
    ),
    "tasks-numbers": N_(
        "The numbers of the items jump from %(before)s to %(after)s. Is a part missing?"
    ),
    "who": N_("Who must do item %(number)s? It names nobody; are the addressees meant?"),
    "who-all": N_("Who must do what is asked for? Nobody is named; are the addressees meant?"),
    "due": N_("Until when is the report due? The letter names no day."),
    "due-year": N_("Of which year is the due date %(words)s?"),
    "due-unclear": N_("Is the report still in time on the day itself (%(words)s)?"),
    "due-several": N_("The letter names different due dates: %(words)s. Which one holds?"),
    "due-early": N_(
        "The letter is dated %(date)s, after its own due date %(due)s. Which of them is right?"
    ),
    "page": N_("Which web page does the campaign have? The letter names none."),
    "page-several": N_("Which of these is the page of the campaign: %(words)s?"),
    "page-broken": N_("Does the web address %(words)s go on in the next line?"),
    "compiler": N_("Who compiles the results? The letter does not say."),
    "compiler-several": N_("Who compiles the results? The letter names several: %(words)s."),
    "report-to": N_("To whom does the report go? The letter does not say."),
    "report-to-several": N_("To whom does the report go? The letter names several: %(words)s."),
    "annex": N_("The letter mentions an annex (%(words)s) that is not in this file. Where is it?"),
    "counts": N_("What does the row %(words)s count: organisations, people, machines ...?"),
    "recipients": N_("Who receives the letter? No list was found at its end."),
    "signer": N_("Who signed the letter? No name was found at its end."),
    "position": N_("Which post does the signer hold? None was found above the name."),
    **HOLDER_QUESTIONS,
}
"""Every question by its code."""


def question_text(code: str, /, **facts: Any) -> str:
    """Return the question, in the language in use."""
    return _(QUESTIONS[code]) % facts


class OpenQuestions:
    """The questions of one letter, in the order in which they came up."""

    def __init__(self) -> None:
        self.questions: list[LetterQuestion] = []

    def ask(self, field: str, code: str, /, **facts: Any) -> str:
        """Note a question about `field`, and return its sentence."""
        text = question_text(code, **facts)
        self.questions.append(LetterQuestion(field, code, text))
        return text
