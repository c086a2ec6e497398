"""`quetsach who`: an address and a time in, the machine that held it out."""

import sys
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from quetsach.cli import terminal as shared
from quetsach.errors.exceptions import QuetsachError
from quetsach.html_report.cards import record_text, step_text
from quetsach.html_report.words import certainty
from quetsach.texts import _, compact_json, counted, plain

if TYPE_CHECKING:
    from quetsach.api.who import WhoAnswers, WhoQuestion

MOST_OTHERS = 3
MOST_PROBLEMS = 10
"""How many other machines, and how many problems, are printed."""

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")

MOST_QUESTIONS = 1_000_000
LONGEST_QUESTION = 500
"""So many lines of stdin are taken, and bytes of each."""


@click.command(
    "who",
    help=_(
        "Tell which machine held ADDRESS at TIME, how surely, and by which log. ADDRESS is an "
        "inside address, or a public one of yours as ADDRESS:PORT; TIME is ISO 8601 or 14/9/2022 "
        "08:15. With - instead of both, questions are read from standard input, one a line: the "
        "evidence is read once for all of them.\n\n"
        "Example: quetsach who 10.1.4.23 2022-09-14T08:15:30+07:00 -e logs/ --leases dhcpd.leases"
        "\n\nOne line an answer; with --json one JSON object a line.\n\n"
        "Exit: 0 nobody found, 1 a machine or candidates, 2 failed, 3 not all was read."
    ),
)
@click.argument("address", metavar="ADDRESS")
@click.argument("time", metavar="TIME", required=False)
@click.option(
    "-e",
    "--evidence",
    multiple=True,
    type=shared.EVIDENCE,
    help=_("Logs, or a folder of them; may be given several times."),
)
@shared.own_tables
@shared.zone
@shared.sources
@shared.inside
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    help=_("Number of parallel workers; all cores if not given."),
)
@click.option("--steps", is_flag=True, help=_("Print each step from the address to the machine."))
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON object a line."))
@click.option("--quiet", is_flag=True, help=_("No progress and no notes; the answer stays."))
def command(
    address: str, time: str | None, as_json: bool, quiet: bool, steps: bool, **options: Any
) -> int:
    """Answer the questions, one line each."""
    from quetsach.api import who
    from quetsach.api.inventory import OwnTables
    from quetsach.cli.terminal import progress_bar

    own = OwnTables(
        leases=options.pop("leases"),
        nat=options.pop("nat"),
        inventory=options.pop("inventory"),
        plan=options.pop("plan"),
        public=options.pop("public"),
        overrides=options.pop("overrides"),
    )
    if not (options["evidence"] or own.leases or own.nat or own.inventory):
        raise click.UsageError(_("Give evidence: -e, --leases, --nat or --inventory."))
    questions = list(_questions(address, time, options["zone"]))
    options["sources"] = options["sources"] or ()
    with progress_bar(quiet=quiet) as progress:
        answers = who.who(questions, own=own, progress=progress, **options)
    if as_json:
        for answer in answers.answers:
            click.echo(compact_json(answer))
    else:
        for answer in answers.answers:
            click.echo("\n".join(map(plain, _lines(answer, steps=steps))))
    if not quiet:
        for line in _unread(answers):
            click.echo(plain(line), err=True)
    return answers.exit_code


def _questions(address: str, time: str | None, zone: str | None) -> Iterator["WhoQuestion"]:
    from quetsach.api.who import who_question

    if address != "-":
        if time is None:
            raise click.UsageError(_("Give ADDRESS and TIME, or - to read them from stdin."))
        yield who_question(address, time, zone=zone)
        return
    if time is not None:
        raise click.UsageError(_("Give ADDRESS and TIME, or - to read them from stdin."))
    # A line without end is not read to it.
    lines = iter(partial(sys.stdin.buffer.readline, LONGEST_QUESTION + 1), b"")
    for number, line in enumerate(lines, start=1):
        if number > MOST_QUESTIONS or len(line) > LONGEST_QUESTION:
            raise QuetsachError("E601", _place(number), reason=_("too long"))
        text = line.decode("utf-8", "replace").strip()
        if text and not text.startswith("#"):
            yield _question(number, text, zone)


def _question(number: int, text: str, zone: str | None) -> "WhoQuestion":
    from quetsach.api.who import who_question

    address, *time = text.split(maxsplit=1)
    try:
        return who_question(address, "".join(time), zone=zone)
    except QuetsachError as error:
        facts = error.problem.facts
        raise QuetsachError(error.problem.code, _place(number), **facts) from error


def _place(number: int) -> str:
    return _("standard input, line %(number)s") % {"number": number}


def _lines(answer: dict[str, Any], *, steps: bool) -> Iterator[str]:
    """Yield the answer in one line; below it each step, where they are asked for."""
    facts = {
        "end": _end(answer["address"], answer["port"]),
        "inside": answer["inside_address"],
        "time": answer["time"],
        "device": answer["device"],
        "grade": certainty(answer["grade"]).name,
        "others": ", ".join(rival["device"] for rival in answer["rivals"][:MOST_OTHERS]),
        "more": len(answer["rivals"]) - MOST_OTHERS,
        "logs": ", ".join(answer["logs"]),
    }
    if answer["device"]:
        parts = [_("%(end)s at %(time)s: %(device)s (%(grade)s)") % facts]
    elif answer["inside_address"] not in (None, answer["address"]):
        parts = [_("%(end)s at %(time)s: inside address %(inside)s (%(grade)s)") % facts]
    else:
        parts = [_("%(end)s at %(time)s: cannot tell") % facts]
    if answer["rivals"]:
        parts.append(_("or %(others)s") % facts)
        if len(answer["rivals"]) > MOST_OTHERS:
            parts.append(_("and %(more)s more") % facts)
    if answer["logs"]:
        parts.append(_("by %(logs)s") % facts)
    parts += [text for text in (answer["missing"], *answer["notes"]) if text]
    yield "; ".join(parts)
    if steps:
        for place, step in enumerate(answer["steps"], start=1):
            where = record_text(step)
            text = f"  {place}. {step_text(step, _HERE)}" + (f" ({where})" if where else "")
            yield text.replace("\xa0", " ")


def _end(address: str, port: int | None) -> str:
    if port is None:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _unread(answers: "WhoAnswers") -> Iterator[str]:
    problems = answers.unread_json()
    for problem in problems[:MOST_PROBLEMS]:
        yield f"{problem['code']} {problem['path']}: {problem['what']}. {problem['todo']}"
    if len(problems) > MOST_PROBLEMS:
        yield _("... and %(count)s more") % {"count": len(problems) - MOST_PROBLEMS}
    if answers.rejects:
        text = _("%(count)s lines of the logs could not be read")
        yield counted(text, {"count": answers.rejects})
