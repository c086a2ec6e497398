"""`quetsach letter answer`: who held the addresses that a request asks about."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quetsach.cli import terminal as shared
from quetsach.cli.option_groups import traced_in
from quetsach.letters.model import question_text
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.holders import HolderAnswer

MOST_SHOWN = 50


@click.command(
    "answer",
    help=_(
        "Answer REQUEST, a letter that asks who held public addresses of yours (the law on "
        "cybersecurity of 2025): each address is traced in your logs, as quetsach trace does, and "
        "with -o the letter that answers is written as DOCX and PDF, for a person to complete, "
        "number and sign.\n\nA row whose address, port, time or zone is not clear is not traced, "
        "but asked back; --request-zone says which zone holds where the letter states none, or "
        "names one that is not known. A zone that the letter states stays. No "
        "log names a person: what is asked about people is left open.\n\nExample: quetsach letter "
        'answer request.docx -e logs/ --public 203.0.113.0/28 --unit "UBND xã Hàm Yên" -o '
        "answer\n\nExit: 0 nobody found, 1 a machine or candidates, 2 failed or another letter, 3 "
        "something is unclear, or not all was read."
    ),
)
@click.argument("request_file", metavar="REQUEST", type=shared.INPUT)
@traced_in(_("Logs, or a folder of them; may be given several times."))
@shared.sources
@shared.inside
@click.option(
    "--request-zone",
    default="",
    metavar="ZONE",
    help=_(
        "Time zone of the request's times where it states none, or an unclear one, as its sender "
        "confirms it."
    ),
)
@click.option("--unit", default="", help=_("Name of the office that answers; needed with -o."))
@click.option(
    "-o", "--out", type=shared.PATH, help=_("Folder to write the letter and answer.json to.")
)
@click.option("--json", "as_json", is_flag=True, help=_("Print the answer as JSON."))
def command(
    request_file: Path,
    unit: str,
    request_zone: str,
    out: Path | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Print the answer and write its letter."""
    if out is not None and not unit.strip():
        raise click.UsageError(_("-o needs --unit, the name of the office that answers."))
    from quetsach.api import holder_letters, holders, letters, traces

    options["sources"] = options["sources"] or ()
    request = traces.trace_request(notices=(), **options)
    answer = holders.answer_holders(letters.read_letter(request_file), request, zone=request_zone)
    if out is not None:
        for file in holder_letters.write_answer(answer.as_json(), out, unit=unit):
            click.echo(plain(str(file)), err=True)
    if as_json:
        click.echo(plain_json(answer.as_json()))
    else:
        click.echo("\n".join(map(plain, answer_lines(answer))))
    return holders.holders_exit_code(answer)


def answer_lines(answer: "HolderAnswer") -> Iterator[str]:
    """Yield the answer for people, one address after the other."""
    for answered in answer.rows[:MOST_SHOWN]:
        end = (
            answered["address"]
            if answered["port"] is None
            else f"[{answered['address']}]:{answered['port']}"
        )
        moments = " - ".join(filter(None, (answered["first"], answered["last"]))) or "?"
        yield f"{answered['number']}. {end}  {moments}"
        yield f"   {_outcome(answered)}"
        yield f"   {answered['because']}"
        yield from (f"   ! {missing['why']}" for missing in answered["missing"])
        yield from (f"   ? {question}" for question in answered["questions"])
        yield from [f"   ! {answered['zone_note']}"] if answered["zone_note"] else []
    yield from shared.more(len(answer.rows), MOST_SHOWN)
    if answer.letter.by_ocr:
        yield question_text("ocr")
    for problem in answer.trace["unread"]:
        yield f"{problem['code']} {problem['path']}: {problem['what']}. {problem['todo']}"


def _outcome(answered: dict[str, Any]) -> str:
    from quetsach.cli.trace import outcome_word

    if answered["outcome"] == "unclear-request":
        return _("not looked up: the request is not clear")
    devices = [answered["device"]] if answered["device"] else answered["rivals"]
    word = outcome_word(answered["outcome"])
    return f"{word}: {', '.join(devices[:MOST_SHOWN])}" if devices else word
