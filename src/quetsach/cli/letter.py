"""A letter in a few lines for people: what is open first, then what it says."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import click
import msgspec

from quetsach.cli import terminal as shared
from quetsach.cli.main import LazyGroup
from quetsach.cli.terminal import more
from quetsach.documents.typeset.text import day as vietnamese_day
from quetsach.errors.catalogue import N_
from quetsach.letters.holder_request import HolderRequest
from quetsach.letters.model import (
    DocumentLikeness,
    DueDate,
    LegalBasis,
    LetterTask,
    ReadAppendix,
    ReadField,
    ReadLetter,
    ReadSigner,
    ReadUrgency,
    TaskKind,
)
from quetsach.texts import _, language, plain, plain_json

KINDS: Mapping[TaskKind, str] = {
    TaskKind.INFORM: N_("to inform"),
    TaskKind.USE_TOOLS: N_("to use tools"),
    TaskKind.TAKE_PART: N_("to take part"),
    TaskKind.MONITOR: N_("to monitor"),
    TaskKind.BLOCK: N_("to block"),
    TaskKind.CLEAN: N_("to clean"),
    TaskKind.REPORT: N_("to report"),
    TaskKind.COORDINATE: N_("to coordinate"),
    TaskKind.OTHER: N_("something else"),
}
"""What a task asks for, in words."""

MOST_SHOWN = 30
"""How many entries of one kind are printed; the JSON has all."""

MOST_TEXT = 300
"""How much of a text is printed, in characters."""


def summary(letter: ReadLetter) -> Iterator[str]:
    """Yield the lines of the summary, in the language in use."""
    yield _("Letter: %(file)s") % {"file": letter.file}
    for problem in letter.problems:
        yield f"  {problem}"
    if letter.questions:
        yield _("To look up (%(count)s):") % {"count": len(letter.questions)}
        yield from _most([f"  ? {one.text}" for one in letter.questions])
    if letter.looks is DocumentLikeness.NONE:
        return
    yield ""
    yield from _head(letter)
    yield from _tasks(letter)
    yield from _holders(letter.holder_request)
    yield from _reporting(letter)
    yield from _foot(letter)


def _head(letter: ReadLetter) -> Iterator[str]:
    yield from _one(_("Issued by"), letter.issuer)
    yield from _one(_("Body above it"), letter.parent)
    number = letter.number.value or "..."
    if letter.code.value:
        sign = "-" if letter.looks is DocumentLikeness.PARTY else "/"
        yield _line(_("Number and code"), f"{number}{sign}{letter.code.value}")
    issued = ", ".join(filter(None, (_day(letter.date), letter.place.value)))
    if issued:
        yield _line(_("Issued on"), issued)
    yield from _one(_("Kind of document"), letter.kind)
    yield from _one(_("How urgent"), letter.urgency)
    yield from _one(_("About"), letter.subject)
    yield from _listed(_("Addressed to"), letter.addressees)
    for basis in letter.basis[:MOST_SHOWN]:
        yield _line(_("Based on"), _basis(basis))


def _basis(basis: LegalBasis) -> str:
    parts = [basis.kind, "/".join(filter(None, (basis.number.value, basis.code.value)))]
    parts += [_day(basis.date), basis.issuer.value or ""]
    return " · ".join(filter(None, parts))


def _tasks(letter: ReadLetter) -> Iterator[str]:
    if not letter.tasks:
        return
    yield ""
    yield _("What it asks for:")
    lines = [line for task in letter.tasks for line in _task(task, "  ")]
    yield from _most(lines)


def _task(task: LetterTask, indent: str) -> Iterator[str]:
    kinds = ", ".join(_(KINDS[one.kind]) for one in task.kinds)
    yield f"{indent}{task.number}. {_cut(task.text)}"
    facts = [f"[{kinds}]"] if kinds else []
    facts += [_("by: %(who)s") % {"who": task.who.value}] if task.who.value else []
    facts += [_due(due) for due in task.dues]
    if facts:
        yield f"{indent}   " + " · ".join(facts)
    for sub in task.subtasks:
        yield from _task(sub, indent + "   ")


def _holders(request: HolderRequest | None) -> Iterator[str]:
    """Yield the addresses whose holder is asked for."""
    if request is None:
        return
    yield ""
    yield _("It asks who held these addresses (quetsach letter answer):")
    lines = []
    for row in request.rows:
        end = row.address if row.port is None else f"[{row.address}]:{row.port}"
        moments = " - ".join(filter(None, (row.first, row.last))) or "?"
        lines.append(f"  {row.number}. {end}  {moments}")
    yield from _most(lines)
    if request.deadline is not None:
        yield _line(_("Until when"), request.deadline)


def _due(due: DueDate) -> str:
    if due.last_moment is None:
        return due.words
    return _("last moment: %(moment)s (%(words)s)") % {
        "moment": _moment(due.last_moment),
        "words": due.words,
    }


def _day(field: ReadField[str]) -> str:
    """Return a day as it is written in the language in use; what is unknown of it is dots."""
    if field.value is not None:
        day = date.fromisoformat(field.value)
        return vietnamese_day(day) if language() == "vi" else field.value
    year, _sign, month = field.partial.partition("-")
    if language() == "vi" and month:
        return f"…/{int(month)}/{year}"
    return f"{field.partial}-…" if field.partial else ""


def _moment(iso: str) -> str:
    """Return the last moment as people say it."""
    moment = datetime.fromisoformat(iso)
    day = vietnamese_day(moment.date()) if language() == "vi" else moment.date().isoformat()
    return _("%(time)s on %(day)s") % {"time": f"{moment:%H:%M:%S}", "day": day}


def _reporting(letter: ReadLetter) -> Iterator[str]:
    yield ""
    if letter.due.value is not None:
        yield _line(_("Report by"), _moment(letter.due.value))
    yield from _one(_("Report to"), letter.report_to)
    yield from _one(_("Report through"), letter.report_through)
    yield from _one(_("Compiled by"), letter.compiler)
    yield from _one(_("Campaign page"), letter.campaign_page)
    contact = letter.contact
    known = filter(None, (contact.person.value, contact.phone.value, contact.mail.value))
    words = ", ".join(known)
    if words:
        yield _line(_("Whom to ask"), words)
    for appendix in letter.appendices[:MOST_SHOWN]:
        yield _line(_("Appendix of it"), _appendix(appendix))
    if letter.indicators is not None:
        yield _line(_("Indicators in it"), str(letter.indicators.count))
        yield _line("", _("what was refused, and why: quetsach indicators check FILE"))


def _appendix(appendix: ReadAppendix) -> str:
    title = " ".join(filter(None, (appendix.number, appendix.title.value)))
    if appendix.known_form is not None:
        return _("%(title)s (the form %(code)s of this program)") % {
            "title": title,
            "code": appendix.known_form,
        }
    if appendix.is_form:
        return _("%(title)s (a form to fill in)") % {"title": title}
    rows = sum(table.row_count for table in appendix.tables)
    return _("%(title)s (a list of %(rows)s rows)") % {"title": title, "rows": rows}


def _foot(letter: ReadLetter) -> Iterator[str]:
    yield from _listed(_("Sent also to"), letter.recipients)
    words = _signer(letter.signer)
    if words:
        yield _line(_("Signed by"), words)


def _signer(signer: ReadSigner) -> str:
    behalf = signer.on_behalf_of.value
    capacity = signer.capacity.value
    right = f"{capacity}. {behalf}" if capacity is not None and behalf else ""
    return ", ".join(filter(None, (signer.name.value, signer.position.value, right)))


def _one(label: str, found: ReadField[str] | ReadField[ReadUrgency]) -> Iterator[str]:
    if found.value is not None:
        yield _line(label, str(found.value))


def _listed(label: str, found: ReadField[tuple[str, ...]]) -> Iterator[str]:
    for n, name in enumerate((found.value or ())[:MOST_SHOWN]):
        yield _line(label if n == 0 else "", name)


def _line(label: str, text: str) -> str:
    return f"{label + ':' if label else '':<20} {_cut(text)}"


def _cut(text: str) -> str:
    return text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + "…"


def _most(lines: list[str]) -> Iterator[str]:
    yield from lines[: 4 * MOST_SHOWN]
    yield from more(len(lines), 4 * MOST_SHOWN)


COMMANDS: tuple[tuple[str, str, str], ...] = (
    (
        "read",
        "letter:read_command",
        N_("Read what a letter asks for, of whom and until when, with open questions."),
    ),
    (
        "answer",
        "letter_answer:command",
        N_("Answer a request for the holders of addresses from your own logs (DOCX and PDF)."),
    ),
)

command = LazyGroup(
    lazy=COMMANDS,
    name="letter",
    help=_("Letters of authorities: what they ask for, of whom, and until when."),
)


@click.command(
    "read",
    help=_(
        "Read the letter in FILE (DOCX, PDF, ODT, HTML, e-mail, text) and print as JSON who asks "
        "whom for what and until when. Each value comes with the words it was read from; a value "
        "that the letter does not give clearly is null, with a question: nothing is guessed.\n\n"
        "Exit: 0 read, with or without questions; 2 failed or not a letter; 3 parts of the file "
        "could not be read."
    ),
)
@click.argument("file", type=shared.INPUT)
@click.option(
    "--text", "as_text", is_flag=True, help=_("Print a summary for people, questions first.")
)
@click.option("--json", "as_json", is_flag=True, help=_("Print JSON; this is the default."))
def read_command(file: Path, as_text: bool, as_json: bool) -> int:
    """Print the letter; 2 when it is none, 3 when parts could not be read."""
    from quetsach.api import letters

    if as_text and as_json:
        raise click.UsageError(_("--text and --json exclude each other."))
    letter = letters.read_letter(file)
    if as_text:
        click.echo("\n".join(map(plain, summary(letter))))
    else:
        click.echo(plain_json(msgspec.to_builtins(letter)))
    if letter.looks == "none":
        return 2
    return 0 if letter.complete else 3
