"""Is this letter or report real? By number and code, number and day, or the code of its QR."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from html import escape
from pathlib import Path
from typing import Any

from quetsach_public.documents import (
    Documents,
    DocumentStatus,
    PublicDocument,
    code_in,
    day_in,
    plain_number,
    read_documents,
)
from quetsach_public.joining import fields
from quetsach_public.limits import PaceLimits
from quetsach_public.pages.filling import filled, format_time
from quetsach_public.responses import PublicResponse, own_reply
from quetsach_public.watched_files import FILE_CHECK_INTERVAL_S, WatchedFile

_LOOKS = {
    "valid": "good",
    "handed-in": "cannot-tell",
    "replaced": "cannot-tell",
    "undone": "seen",
    "basis": "cannot-tell",
    "wrong-code": "seen",
    # A letter of an office above is as unknown as a forged one.
    "unknown": "cannot-tell",
}
_FIELD_OF = {"no-number": "so"}


@dataclass(frozen=True)
class VerifyQuery:
    """What was typed, and of when the documents are; `made_at` is None where there are none."""

    number: str
    typed: str
    made_at: datetime | None
    is_old: bool


def verify_page(
    frames: Mapping[str, Any],
    query: VerifyQuery,
    *,
    wrong: str = "",
    kind: str = "",
    documents: Sequence[PublicDocument] = (),
) -> bytes:
    """Return the page: `kind` names the answer, `wrong` what is wrong with what was typed."""
    if query.made_at is None:
        return filled(frames["verify_none"], {})
    words = frames["verify_words"]
    slots = {"number": escape(query.number), "typed": escape(query.typed)}
    as_of = words["as_of"].format(when=format_time(query.made_at))
    slots["made"] = escape(as_of)
    if query.is_old:
        slots["old"] = f'<p class="wrong">{escape(as_of)} {escape(words["old"])}</p>'
    if wrong:
        place = _FIELD_OF.get(wrong, "ma")
        slots["said"] = (
            f'<div class="wrong" role="alert"><h2>{escape(words["wrong"])}</h2>'
            f'<p><a href="#{place}">{escape(words[wrong])}</a></p></div>'
        )
    elif kind:
        slots["said"] = _answer(words, kind, documents)
    return filled(frames["verify"], slots)


def _answer(words: Mapping[str, str], kind: str, documents: Sequence[PublicDocument]) -> str:
    shown = "".join(_document(words, one, alone=len(documents) == 1) for one in documents)
    todo = f"<p>{escape(words[f'{kind}-todo'])}</p>"
    return (
        f'<div class="answer {_LOOKS[kind]}" role="alert"><h2>{escape(words[kind])}</h2>'
        f"<p>{escape(words[f'{kind}-text'])}</p>{shown}</div>{todo}"
    )


def _document(words: Mapping[str, str], document: PublicDocument, *, alone: bool) -> str:
    rows = [
        (words["issuer"], document.issuer),
        (words["kind"], words["report"] if document.version else ""),
        (words["number"], document.number),
        (words["day"], _shown_day(document.day)),
        (words["subject"], document.subject),
        (words["version"], str(document.version) if document.version else ""),
        ("" if alone else words["standing"], words[document.standing.value]),
    ]
    if document.standing is DocumentStatus.REPLACED:
        rows.append((words["by"], _instead(words, document)))
    listed = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows if name and value
    )
    return f"<dl>{listed}</dl>"


def _instead(words: Mapping[str, str], document: PublicDocument) -> str:
    parts = (
        document.by_number,
        _shown_day(document.by_day),
        f"{words['version'].lower()} {document.by_version}" if document.by_version else "",
    )
    return ", ".join(part for part in parts if part)


def _shown_day(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}" if day else ""


PATH = "/that-hay-gia"
QR = re.compile(r"/check(?:/([^/]{1,64}))?/?")
"""The addresses that codes on paper lead to, shaped as those of the portal's own page."""

OLD_AFTER = timedelta(days=2)
"""The portal writes the file each half hour; what is older is said to be."""


RATE, BURST = 0.1, 30.0
"""Days that find nothing, of one address: 30 at once, then one in ten seconds."""


class InputFault(StrEnum):
    """What is wrong with what was typed."""

    NO_CODE = "no-code"
    NO_NUMBER = "no-number"
    UNREADABLE = "unreadable"


class VerifyResponder:
    """The form and its answers; the input is compared with the file and not stored."""

    def __init__(self, path: Path, check_interval_s: float = FILE_CHECK_INTERVAL_S) -> None:
        self._file = WatchedFile(path, read_documents, check_interval_s)
        self._misses = PaceLimits(RATE, BURST)

    def form(self, frames: dict[str, Any], now: datetime) -> PublicResponse:
        """Return the empty form, or how to ask where nothing can be checked here."""
        return own_reply(verify_page(frames, self._said(now)))

    def by_qr(self, frames: dict[str, Any], path: str, now: datetime) -> PublicResponse:
        """Return the answer to the address in a QR code; of the bare address, the form."""
        found = QR.fullmatch(path)
        typed = _typed(found[1]) if found and found[1] else ""
        return self._answer(frames, "", typed, now) if typed else self.form(frames, now)

    def take(
        self, frames: dict[str, Any], body: str, now: datetime, caller: int = -1
    ) -> PublicResponse | None:
        """Return the answer to what was typed: `so` the number, `ma` the code or the day.

        None for days of a `caller` of whom too many were of nothing: codes cannot be tried out.
        """
        sent = fields(body)
        number, typed = _typed(sent.get("so", "")), _typed(sent.get("ma", ""))
        day = "" if code_in(typed) else day_in(typed)
        if day and not self._misses.within(caller, take=0):
            return None
        held = self._file.held()
        if day and held is not None and not held.by_day(plain_number(number), day):
            self._misses.within(caller)
        return self._answer(frames, number, typed, now)

    def _answer(
        self, frames: dict[str, Any], number: str, typed: str, now: datetime
    ) -> PublicResponse:
        documents_file = self._file.held()
        query = self._said(now, number, typed)
        if documents_file is None:
            return own_reply(verify_page(frames, query))
        code, day, plain = code_in(typed), day_in(typed), plain_number(number)
        wrong = _wrong(typed, code, day, plain)
        if wrong:
            page = verify_page(frames, query, wrong=wrong)
            return own_reply(page, "422 Unprocessable Content")
        kind, documents = _found(documents_file, code, day, plain)
        return own_reply(verify_page(frames, query, kind=kind, documents=documents))

    def _said(self, now: datetime, number: str = "", typed: str = "") -> VerifyQuery:
        held = self._file.held()
        made_at = None if held is None else held.made_at
        is_old = made_at is not None and now - made_at > OLD_AFTER
        return VerifyQuery(number[:80], typed[:40], made_at, is_old)


def _typed(text: str) -> str:
    return "".join(one for one in text if one.isprintable()).strip()


def _wrong(typed: str, code: str, day: str, number: str) -> str:
    if not typed:
        return InputFault.NO_CODE
    if not code and not day:
        return InputFault.UNREADABLE
    return InputFault.NO_NUMBER if not code and not number else ""


def _found(
    documents_file: Documents, code: str, day: str, number: str
) -> tuple[str, Sequence[PublicDocument]]:
    """Return what is said, and of which documents."""
    candidates = documents_file.by_code(code) if code else documents_file.by_day(number, day)
    fitting = [one for one in candidates if not number or plain_number(one.number) == number]
    if fitting:
        # A paper without a code may share number and day with another office's.
        valid = [one for one in fitting if one.standing is DocumentStatus.VALID]
        return (valid or fitting)[0].standing.value, fitting
    # A number alone gets no answer: trying numbers would reveal which of them exist.
    return "wrong-code" if candidates else "unknown", ()
