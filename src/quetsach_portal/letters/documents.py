"""Letters as paper: the one place that asks the engine for templates, wording, DOCX and PDF."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quetsach.api import letters, problems, sheets
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.letters.mails import proof_on_pages
from quetsach_portal.letters.models import Letter, LetterCapacity
from quetsach_portal.letters.signers import speaks_as_body
from quetsach_portal.units.models import UnitKind, line_of
from quetsach_portal.web.acts import Refused

LAUNCH = "trien-khai-chien-dich"
REMINDER = "nhac-bao-cao"
CORRECTION = "dinh-chinh"
"""The template of the letter by which a level passes a campaign on."""

LAUNCH_IN_ENGLISH = "launch-campaign"

ANNEXES = ("list", "form")
"""Fields that name an annex of ours, in the order in which the annexes are attached."""

KIND = "CV"
"""How letters are marked in codes of the Party; codes of the state have no kind."""

BY_SYSTEM = ("parent", "deadline")
"""Fields that the letter fills itself: from its basis, and from the deadline that is checked."""

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class TemplateField:
    """A field of a template: `kind` is line, list, date, citation or link."""

    id: str
    label: str
    kind: str
    hint: str
    required: bool


@dataclass(frozen=True)
class Template:
    """A kind of letter of this release; there are no others, and none can be brought (D2)."""

    code: str
    version: str
    title: str
    subject: str
    fields: tuple[TemplateField, ...]

    def subject_with(self, values: Mapping[str, Any]) -> str:
        """Return the subject with `values` in their places; one that is missing leaves a gap."""
        return _PLACEHOLDER.sub(lambda found: str(values.get(found[1]) or ""), self.subject)

    def asked(self) -> tuple[TemplateField, ...]:
        """Return the fields that a person fills."""
        return tuple(one for one in self.fields if one.id not in BY_SYSTEM)


@dataclass(frozen=True)
class CitedDocument:
    """Another document as a letter names it."""

    number: str
    dated: date | None = None
    body: str = ""
    about: str = ""


@dataclass(frozen=True)
class Files:
    """A letter as files; `paper` is the PDF to print, b"" before it has a number."""

    docx: bytes
    pdf: bytes
    paper: bytes = b""


def templates() -> tuple[Template, ...]:
    """Return the kinds of letter that can be drafted, the usual one first."""
    tongue: Literal["vi", "en"] = "en" if get_language() == "en" else "vi"
    templates_of_level = [
        Template(
            one.code,
            one.version,
            one.title.of(tongue),
            one.subject,
            tuple(
                TemplateField(
                    field.id,
                    field.label.of(tongue),
                    str(field.kind),
                    "" if field.hint is None else field.hint.of(tongue),
                    field.required,
                )
                for field in one.fields
            ),
        )
        for one in letters.letter_templates()
    ]
    return tuple(sorted(templates_of_level, key=lambda one: one.code != LAUNCH))


def template_of(code: str) -> Template:
    """Return the template `code`. Errors: Refused for one that the release does not have."""
    for one in templates():
        if one.code == code:
            return one
    raise Refused(_("This template does not exist."), field="template")


def files_of(letter: Letter, cited: CitedDocument | None) -> Files:
    """Return `letter` as DOCX and PDF, and as PDF to print where it has its digits.

    Errors: Refused says which field is missing or does not fit.
    Cost: about 0.1 s, twice that for one to print.
    """
    try:
        official = _official(letter, cited)
        files = letters.letter_files(official)
        paper = letters.letter_files(official, paper=True).pdf if letter.sha256 else b""
    except problems.QuetsachError as error:
        raise Refused(f"{error.problem.what()}. {error.problem.todo()}") from error
    return Files(files.docx, files.pdf, paper)


def digest_of(letter: Letter, cited: CitedDocument | None) -> str:
    """Return the SHA-256 of what `letter` says, number and day included.

    Errors: Refused says which field is missing or does not fit.
    """
    try:
        return letters.letter_digest(_official(letter, cited))
    except problems.QuetsachError as error:
        raise Refused(f"{error.problem.what()}. {error.problem.todo()}") from error


def text_digest_of(letter: Letter, cited: CitedDocument | None) -> str:
    """Return the SHA-256 of what `letter` says without number, code and day: what is signed.

    Errors: as `digest_of`.
    """
    try:
        official = _official(letter, cited)
        head = replace(official.head, number=None, code=None, signed_on=None)
        return letters.letter_digest(replace(official, head=head))
    except problems.QuetsachError as error:
        raise Refused(f"{error.problem.what()}. {error.problem.todo()}") from error


def refused(code: str, what: str, **facts: object) -> Refused:
    """Return a refusal with its code: what is wrong with `what`, and what to do."""
    problem = problems.QuetsachError(code, what, **facts).problem
    happened = problem.what()
    return Refused(f"{happened[:1].upper()}{happened[1:]}. {problem.todo()} ({code})")


def unprintable(
    letter: Letter, cited: CitedDocument | None
) -> tuple[letters.UnprintableCharacter, ...]:
    """Return the characters of `letter` that no typeface here shows, with the words around them.

    Nothing is set in type for it; of a draft that cannot be printed yet nothing is said.
    """
    try:
        return letters.letter_unfit(_official(letter, cited))
    except problems.QuetsachError:
        return ()


def sheet_of(letter: Letter, unit: str, link: str) -> bytes:
    """Return the sheet by which `unit` confirms that the printed letter came, as PDF."""
    due = "" if letter.deadline is None else f"{letter.deadline:%d/%m/%Y}"
    return sheets.receipt_sheet(
        sheets.ReceiptSheet(
            unit=unit,
            link=link,
            issuer=letter.issuer_name,
            subject=letter.subject,
            number=letter.full_number,
            dated=letter.signed_on,
            due=due and _("before %(day)s") % {"day": due},
        )
    )


def _given(letter: Letter, cited: CitedDocument | None) -> dict[str, Any]:
    """Return the values of the letter's fields as the engine takes them."""
    values: dict[str, Any] = {}
    for field in template_of(letter.template_code).fields:
        value = _value(field, letter, cited)
        if value is not None:
            values[field.id] = value
    return values


def _value(field: TemplateField, letter: Letter, cited: CitedDocument | None) -> Any:
    if field.id == "parent":
        if cited is None:
            return None
        return letters.Citation(cited.number, cited.dated, cited.body, cited.about)
    if field.id == "deadline":
        return letter.deadline
    typed = letter.values.get(field.id)
    if typed in (None, "", []):
        return None
    attached = _attached(letter)
    if field.id in ANNEXES:
        return _reference(field.id, str(typed), attached)
    if field.id == "tasks":
        return [_renumbered(str(task), attached) for task in typed]
    if field.kind == "date":
        return date.fromisoformat(str(typed))
    if field.kind == "citation":
        return letters.Citation(number=str(typed))
    return list(typed) if field.kind == "list" else str(typed)


def _official(letter: Letter, cited: CitedDocument | None) -> letters.OfficialLetter:
    draft = letters.draft_letter(letter.template_code, _given(letter, cited))
    head = head_of(letter)
    above = _superior(letter)
    return letters.OfficialLetter(
        head=replace(
            head,
            parent=above.name_at_freeze if head.parent_shown and above is not None else None,
            parent_shown=head.parent_shown and above is not None,
            code=letter.code or None,
            number=letter.number,
            place=letter.place or None,
            signed_on=letter.signed_on,
            addressees=tuple(letter.addressees),
        ),
        text=replace(draft.text, subject=letter.subject or draft.text.subject),
        signer=_signer(letter),
        recipients=(*_lines(letter.also_told), *draft.recipients),
        urgency=letters.UrgencyStamp(letter.urgency) if letter.urgency else None,
        contact=_lines((letter.contact,)),
        annexes=_annexes(letter),
        proof=proof_on_pages(letter.campaign_id, letter.sha256) if letter.sha256 else None,
    )


def speaks_for_body(letter: Letter) -> bool:
    """True where the letter is the word of the body, not of its head alone."""
    return speaks_as_body(str(letter.values.get("speaker") or letter.issuer_name))


def head_of(letter: Letter) -> letters.Letterhead:
    """Return the head of a letter's issuer, in the manner of the Party where it belongs to it."""
    in_party = letter.node.unit.kind == UnitKind.PARTY
    return letters.letterhead_of(letter.issuer_name, in_party=in_party)


def usual_code(letter: Letter) -> str:
    """Return the code of a unit's letters: "UBND-TH" as the register has it, "CV/HU"."""
    unit, head = letter.node.unit, head_of(letter)
    return letters.notation_for(
        head, KIND, unit.doc_code or (head.code or "" if head.is_party else "")
    )


def _superior(letter: Letter) -> CampaignNode | None:
    """Return the body printed above the issuer in the letterhead: only one of its own line.

    A party committee answers to the people's committee that leads a campaign, and is not below it.
    """
    above = letter.node.parent
    if above is None or line_of(above.unit.kind) != line_of(letter.node.unit.kind):
        return None
    return above


def _signer(letter: Letter) -> letters.LetterSigner:
    lines = []
    if letter.on_behalf_of and letter.capacity != LetterCapacity.ON_BEHALF:
        lines.append(
            letters.SignatureLine(letters.SigningCapacity.ON_BEHALF_OF_BODY, letter.on_behalf_of)
        )
    if letter.capacity:
        lines.append(
            letters.SignatureLine(letters.SigningCapacity(letter.capacity), letter.capacity_of)
        )
    return letters.LetterSigner(
        letter.signer_post or None, letter.signer_name or None, tuple(lines)
    )


_ANNEX = re.compile(r"phụ lục(?: [IVX]+| \d+)?\Z", re.IGNORECASE)
_NAMED = re.compile(
    r"\bphụ lục(?: (?:số )?(?:[IVX]+|\d{1,2})\b)?(?=\s+(?:đính kèm|kèm theo|gửi kèm)|\s*[).,;]|\Z)",
    re.IGNORECASE,
)
_OF_LIST = re.compile(r"địa chỉ|danh sách|tên miền|\bIP\b", re.IGNORECASE)


def _attached(letter: Letter) -> tuple[str, ...]:
    """Return the fields that name an annex of ours, in the order of the annexes."""
    if letter.template_code not in (LAUNCH, LAUNCH_IN_ENGLISH):
        return ()
    campaign = letter.campaign
    is_there = {"list": bool(campaign.release_sha256), "form": bool(campaign.form_code)}
    return tuple(name for name in ANNEXES if letter.values.get(name) and is_there[name])


def _reference(name: str, typed: str, attached: tuple[str, ...]) -> str:
    """Return how the body names an annex: as it is numbered on its own pages."""
    if name not in attached or not _ANNEX.match(typed.strip()):
        return typed
    place = attached.index(name) + 1
    return f"Phụ lục {letters.roman(place)}" if len(attached) > 1 else "Phụ lục"


def _renumbered(text: str, attached: tuple[str, ...]) -> str:
    """Return a task with "Phụ lục ... đính kèm" numbered as our annexes are.

    A task comes from a letter whose annexes had numbers of their own: what it speaks of tells which
    one is meant. Where that is not attached, the words stay, and the check of annexes finds them.
    """
    is_report = "báo cáo" in text.casefold()
    if not is_report and not _OF_LIST.search(text):
        return text
    name = "form" if is_report else "list"
    return _NAMED.sub(_reference(name, "Phụ lục", attached), text) if name in attached else text


def _annexes(letter: Letter) -> tuple[letters.LetterAppendix, ...]:
    """Return what the letter says that is attached: the sheet of the list, the form."""
    campaign, facts = letter.campaign, letter.campaign.release_facts
    annexes = []
    for name in _attached(letter):
        if name == "form":
            annexes.append(letters.form_annex(campaign.form_code, campaign.form_definition))
            continue
        annexes.append(
            letters.list_annex(
                letters.ListFacts(
                    title=str(facts.get("title", "")),
                    digest=campaign.release_sha256,
                    count=int(facts.get("count", 0)),
                    kinds=facts.get("kinds", {}),
                    created=_day_of(str(facts.get("created", ""))),
                    signed_by=tuple(facts.get("signed_by", ())),
                )
            )
        )
    return tuple(annexes)


def _day_of(moment: str) -> str:
    """Return the day of an ISO moment as letters write it, "" for none."""
    try:
        return f"{datetime.fromisoformat(moment):%d/%m/%Y}"
    except ValueError:
        return ""


def refuse_missing_annexes(letter: Letter, cited: CitedDocument | None) -> None:
    """Refuse a letter that names an annex which is not attached. Errors: Refused with E428."""
    try:
        official = _official(letter, cited)
    except problems.QuetsachError as error:
        raise Refused(f"{error.problem.what()}. {error.problem.todo()}") from error
    for missing in letters.missing_annexes(official):
        raise refused("E428", letter.full_number, line=missing.line, said=missing.said)


def _lines(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for text in texts if text.strip())


def typed_values(template: Template, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed into the fields of `template`, as stored: text and lists of text."""
    kept: dict[str, Any] = {}
    for field in template.asked():
        typed = cleaned.get(field.id)
        if field.kind == "list":
            kept[field.id] = [
                line.strip() for line in str(typed or "").splitlines() if line.strip()
            ]
        elif isinstance(typed, date):
            kept[field.id] = typed.isoformat()
        else:
            kept[field.id] = str(typed or "").strip()
    return kept
