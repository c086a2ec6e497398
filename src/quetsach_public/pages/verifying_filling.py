"""Fill the page that says whether a document is real."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any

from quetsach_public.documents import DocumentStatus, PublicDocument
from quetsach_public.pages.filling import filled, format_time

_LOOKS = {
    "valid": "not-seen",
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
