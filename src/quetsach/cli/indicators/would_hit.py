"""`quetsach indicators would-hit`: the days on which logs that are gone met a list."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quetsach.cli import terminal as shared
from quetsach.cli.terminal import more, wrapped
from quetsach.html_report.words import number
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.fingerprints import DayPrint, WouldMatch

MOST_SHOWN = 40
MOST_NAMED = 4


@click.command(
    "would-hit",
    help=_(
        "Ask fingerprints that sweeps left on which days of which units something of the LISTS "
        "was seen, although the logs themselves are destroyed.\n\nExample: quetsach indicators "
        "would-hit new.csv --fingerprints prints --keys keys\n\nExit: 0 nothing, 1 something, "
        "2 failed, 3 nothing, but not everything could be asked."
    ),
)
@click.argument("lists", nargs=-1, required=True, type=shared.INPUT)
@click.option(
    "--fingerprints",
    "folder",
    metavar="DIR",
    required=True,
    type=shared.PATH,
    help=_("Folder that quetsach sweep --fingerprints wrote."),
)
@click.option(
    "--keys",
    "secrets",
    metavar="DIR",
    required=True,
    type=shared.PATH,
    help=_("Folder of their keys."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(lists: Sequence[Path], folder: Path, secrets: Path, as_json: bool) -> int:
    """Print which unit-days would hit; return the exit code."""
    from quetsach.api.fingerprints import answer_json, would_hit

    answer = would_hit(lists, folder, secrets)
    if as_json:
        click.echo(plain_json(answer_json(answer)))
    else:
        click.echo("\n".join(map(plain, _text(answer))))
    if answer.hits:
        return 1
    return 0 if answer.is_whole else 3


def _text(answer: "WouldMatch") -> Iterator[str]:
    surely = [hit for hit in answer.hits if hit.exact]
    facts = {
        "hits": number(len(surely)),
        "asked": number(len(answer.asked)),
        "chance": f"{answer.by_chance:.2g}",
    }
    yield from wrapped(
        _("%(hits)s of %(asked)s unit-days would hit (by chance: %(chance)s).") % facts
    )
    for hit in surely[:MOST_SHOWN]:
        shown = [one.shown for one in hit.exact]
        yield f"  {day_text(hit.day)}: " + ", ".join(shown[:MOST_NAMED]) + _dots(shown)
    yield from more(len(surely), MOST_SHOWN)
    others = [hit for hit in answer.hits if hit.in_part]
    if others:
        yield from wrapped(
            _(
                "Host or address seen, but fingerprints do not tell whether port, path or the very "
                "name were the same: %(count)s unit-days"
            )
            % {"count": number(len(others))}
        )
    for hit in others[:MOST_SHOWN]:
        shown = [one.shown for one in hit.in_part]
        yield f"  {day_text(hit.day)}: " + ", ".join(shown[:MOST_NAMED]) + _dots(shown)
    yield from more(len(others), MOST_SHOWN)
    yield from _cannot_tell(answer)


def day_text(day: "DayPrint") -> str:
    """Return unit and day of a fingerprint."""
    unit = day.unit or _("(no unit)")
    if day.first is None or day.last is None:
        return _("%(unit)s, day unknown") % {"unit": unit}
    ends = [f"{end:%d/%m/%Y}" for end in dict.fromkeys((day.first, day.last))]
    return f"{unit}, " + "–".join(ends)


def _dots(shown: Sequence[str]) -> str:
    return " ..." if len(shown) > MOST_NAMED else ""


def _cannot_tell(answer: "WouldMatch") -> Iterator[str]:
    sentences = {
        "kind": _("%(count)s indicators cannot be asked: hashes, fingerprints of TLS, paths."),
        "wide": _("%(count)s networks cannot be asked: they are wider than /16 (IPv6: /40)."),
        "inside": _("%(count)s indicators cannot be asked: addresses of your own networks."),
    }
    for reason, count in sorted(answer.cannot_tell.items()):
        yield from wrapped(sentences[reason] % {"count": number(count)})
    for days, sentence in (
        (answer.incomplete, _("%(count)s unit-days are incomplete: no hit there proves nothing.")),
        (answer.forgotten, _("%(count)s unit-days cannot be asked: their key was deleted.")),
    ):
        if days:
            yield from wrapped(sentence % {"count": number(len(days))})
    if answer.refused:
        yield from wrapped(
            _("%(count)s rows of the lists were refused; quetsach indicators check says why.")
            % {"count": number(answer.refused)}
        )
    for problem in answer.problems[:MOST_SHOWN]:
        yield from wrapped(str(problem))
