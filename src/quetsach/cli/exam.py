"""`quetsach exam`: how far the names of the evidence can be trusted, measured by experiment."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quetsach.cli import terminal as shared
from quetsach.cli.main import LazyGroup
from quetsach.cli.terminal import wrapped
from quetsach.errors.catalogue import N_
from quetsach.html_report.words import certainty, number
from quetsach.texts import _, language, plain

if TYPE_CHECKING:
    from quetsach.api.exams import GradedExam, MadeExam

EXAM_PAGE = "result.html"

COMMANDS: tuple[tuple[str, str, str], ...] = (
    (
        "new",
        "exam:new_command",
        N_("Draw an exam: who connects when, with which mark, is sealed first."),
    ),
    (
        "grade",
        "exam:grade_command",
        N_("Sweep and trace blind, then open the truth and count what was right."),
    ),
)

command = LazyGroup(
    lazy=COMMANDS,
    name="exam",
    help=_(
        'Measure how often "certain" and "likely" are right in your network: known machines make '
        "harmless, marked connections at moments that only a sealed file knows, and a sweep must "
        "name them.\n\nExample: quetsach exam new -o exam --machines machines.xlsx --name "
        "exam.example --from 2026-11-16T08:00 --to 2026-11-20T17:00"
    ),
)


@click.command(
    "new",
    help=_(
        "Write the exam folder: truth.json (secret), commitment.txt, list.csv, and in run/ one "
        "small script for each machine, for Windows (.ps1) and others (.sh)."
    ),
)
@click.option(
    "--machines",
    required=True,
    multiple=True,
    type=shared.PATH,
    help=_("Table of your machines (XLSX, ODS, CSV): name, hardware address, room, desk ..."),
)
@click.option(
    "--name",
    required=True,
    metavar="DOMAIN",
    help=_("A name of your own domain that serves nothing else; the marks are names below it."),
)
@click.option(
    "--server",
    default="",
    metavar="IP[:PORT]",
    help=_("A web server of yours to connect to, best outside; only names are asked without it."),
)
@click.option(
    "--from", "from_time", required=True, metavar="T", help=_("Start of the window (ISO 8601).")
)
@click.option(
    "--to", "until_time", required=True, metavar="T", help=_("End of the window (ISO 8601).")
)
@click.option(
    "--each",
    type=click.IntRange(1, 1_000),
    default=3,
    show_default=True,
    help=_("Connections of each machine."),
)
@click.option(
    "--sample",
    type=click.IntRange(1, 10_000),
    help=_("Draw only so many of the machines; all of them if not given."),
)
@click.option(
    "--zone", help=_("Time zone of --from and --to. If not given, Asia/Ho_Chi_Minh is meant.")
)
@click.option("-o", "--out", required=True, type=shared.PATH, help=_("Folder to write."))
def new_command(out: Path, **options: Any) -> int:
    """Draw the exam and say what to do with it."""
    from quetsach.api import exams

    click.echo("\n".join(map(plain, _made_text(exams.make_exam(out, **options)))))
    return 0


def _made_text(exam: "MadeExam") -> Iterator[str]:
    facts = {
        "occasions": number(exam.occasions),
        "machines": number(exam.machines),
        "folder": exam.folder,
    }
    yield (
        _("The exam is in %(folder)s: %(occasions)s connections of %(machines)s machines.") % facts
    )
    if exam.until_s < time.time():
        yield _(
            "The window is over already: no script connects any more. Draw it for days to come."
        )
    yield _("Note this commitment down, or send it to somebody, before anything connects:")
    yield f"  {exam.commitment}"
    steps = (
        _("Keep truth.json and run/ to yourself; nobody who grades may see them."),
        _("Put each script of run/ on its machine, and start it there before the window begins."),
        _("Afterwards bring the receipts into %(folder)s/receipts."),
        _("Then: quetsach exam grade %(folder)s LOGS --inventory TABLE"),
    )
    for place, step in enumerate(steps, 1):
        yield from wrapped(f"{place}. {step % facts}", "  ")


@click.command(
    "grade",
    help=_(
        "Grade the exam in FOLDER with EVIDENCE, read as by quetsach sweep: give the same tables "
        "and networks. The result is FOLDER/result.json, for quetsach sweep --exam."
    ),
)
@click.argument("folder", metavar="FOLDER", type=shared.PATH)
@click.argument("evidence", nargs=-1, required=True, type=shared.EVIDENCE)
@shared.own_tables
@shared.zone
@shared.sources
@shared.inside
@click.option(
    "--server-log",
    type=shared.PATH,
    help=_("What the server saw, as CSV: time, address, port, mark; then trace is graded, too."),
)
@click.option(
    "--commitment",
    metavar="SHA256",
    help=_("The commitment as you noted it down; else commitment.txt is believed."),
)
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    help=_("Number of parallel workers; all cores if not given."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print result.json."))
@click.option("--quiet", is_flag=True, help=_("No progress and no notes; the answer stays."))
def grade_command(
    folder: Path, evidence: Sequence[str], as_json: bool, quiet: bool, **options: Any
) -> int:
    """Grade the exam, print how often it was right, and write its page."""
    from zoneinfo import ZoneInfo

    from quetsach.api import exams, inventory
    from quetsach.atomic_files import write_whole
    from quetsach.cli.terminal import progress_bar
    from quetsach.html_report.exam import exam_page

    tables = ("leases", "nat", "inventory", "plan", "public", "overrides")
    request = exams.GradeRequest(
        folder=folder,
        evidence=evidence,
        own=inventory.OwnTables(**{name: options[name] for name in tables}),
        zone=options["zone"],
        sources=options["sources"],
        inside=options["inside"],
        server_log=options["server_log"],
        noted=options["commitment"],
        workers=options["workers"],
    )
    with progress_bar(quiet=quiet or as_json) as progress:
        graded = exams.grade_exam(request, progress)
    result = exams.result_json(graded.result)
    page = exam_page(result, str(graded.findings), language(), ZoneInfo(graded.result.zone))
    write_whole(folder / EXAM_PAGE, page.encode())
    if as_json:
        click.echo((folder / exams.RESULT).read_bytes().decode(), nl=False)
    else:
        click.echo("\n".join(map(plain, _graded_text(folder, graded, result))))
    return _exit_code(graded, result)


MOST_SHOWN = 30
"""How many wrong names and unread files are printed; the page has all."""


def _graded_text(folder: Path, graded: "GradedExam", result: Mapping[str, Any]) -> Iterator[str]:
    from quetsach.html_report.exam_words import intro_text, outcome_text, rate_text, way_text

    yield from wrapped(intro_text(result))
    for grade, rate in result["grades"].items():
        yield f"  {certainty(grade).name}: {rate_text(rate)}"
    if not result["grades"]:
        yield "  " + _("No machine was named, so that nothing was measured.")
    for title, rates in ((_("By which way:"), "ways"), (_("Traced from outside:"), "traced")):
        if result[rates]:
            yield title
        for name, rate in result[rates].items():
            what = way_text(name) if rates == "ways" else certainty(name).name
            yield f"  {what}: {rate_text(rate)}"
    yield _("What became of the connections:")
    for outcome, count in result["outcomes"].items():
        if count:
            yield f"  {outcome_text(outcome)}: {number(count)}"
        if outcome == "void":
            yield from _why_void(result["rows"])
    yield from _wrong(result["rows"])
    yield from _unread(graded)
    yield _("Result: %(folder)s/result.json    open %(folder)s/result.html") % {"folder": folder}


def _why_void(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    reasons = Counter(row["why"] for row in rows if row["outcome"] == "void" and row["why"])
    for why, count in reasons.most_common():
        yield from wrapped(f"{_(why)}: {number(count)}", "    ")


def _wrong(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    wrong = [row for row in rows if row["outcome"] == "wrong"]
    if wrong:
        yield _("Named wrongly:")
    for row in wrong[:MOST_SHOWN]:
        named = ", ".join(dict.fromkeys(said["device"] for said in row["said"]))
        why = _(row["why"]) if row["why"] else ""
        yield from wrapped(f"{row['machine']} -> {named}: {why}", "  ")
    if len(wrong) > MOST_SHOWN:
        left = {"count": number(len(wrong) - MOST_SHOWN)}
        yield "  " + _("... and %(count)s more; the page lists all") % left


def _unread(graded: "GradedExam") -> Iterator[str]:
    problems = [str(problem) for problem in graded.problems]
    problems += [
        f"{one['code']} {one['path']}: {one['what']}. {one['todo']}" for one in graded.unread
    ]
    if problems:
        yield _("NOT ALL WAS READ:")
    for text in problems[:MOST_SHOWN]:
        yield from wrapped(text, "  ")


def _exit_code(graded: "GradedExam", result: Mapping[str, Any]) -> int:
    """Return 3 where not all was read or came back, 1 where a wrong machine was named, else 0.

    Where nothing was measured at all, not all came back either.
    """
    missing = not result["grades"] or result["outcomes"].get("no-receipt", 0)
    if graded.problems or graded.unread or missing:
        return 3
    outcomes = result["outcomes"], result["trace_outcomes"]
    return int(any(counts.get("wrong", 0) for counts in outcomes))
