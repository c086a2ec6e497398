"""`quetsach answer-slip`: a carrier answers its own subscriber from its own logs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quetsach.cli import terminal as shared
from quetsach.cli.option_groups import traced_in
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.carriers import SlipAnswer


@click.command(
    "answer-slip",
    help=_(
        "For carriers: say whether one of the authority's notices is about the line of SLIP, which "
        "a subscriber behind a shared address took from the campaign's public page. The slip and "
        "the notices are traced in the same translation logs, as quetsach trace does.\n\nThe "
        "answer is for this subscriber alone: give --asker, the inside address that asks, and "
        "nobody else is answered.\n\nExample: quetsach answer-slip SLIP --keys keys.json --issuer "
        "https://quetsach.example --notices notice.csv -e nat/ --public 203.0.113.0/24 --asker "
        "100.64.3.41\n\nExit: 0 no, 1 yes, 2 failed or refused, 3 cannot tell."
    ),
)
@click.argument("slip", metavar="SLIP", type=shared.TEXT)
@click.option(
    "--keys",
    "key_set",
    required=True,
    type=shared.PATH,
    metavar="FILE",
    help=_("Keys of the public page, from its address /nha-mang/keys.json."),
)
@click.option(
    "--issuer",
    required=True,
    metavar="ADDRESS",
    help=_("Address of the public page whose slips are answered, such as https://host."),
)
@click.option(
    "--notices", multiple=True, required=True, help=_("Notices of the authority, in any form.")
)
@click.option("--asker", default="", metavar="ADDRESS", help=_("Inside address that asks."))
@click.option(
    "--lasting",
    is_flag=True,
    help=_("Each inside address belongs to one subscriber for good; otherwise leases must say it."),
)
@traced_in(_("Translation logs, leases and tables of port blocks, or a folder of them."))
@click.option("--json", "as_json", is_flag=True, help=_("Print the answer as JSON."))
def command(
    slip: str, key_set: Path, issuer: str, asker: str, lasting: bool, as_json: bool, **options: Any
) -> int:
    """Print the answer; the exit code says it too."""
    from quetsach.api import carriers, traces
    from quetsach.errors.exceptions import QuetsachError

    try:
        raw = key_set.read_bytes()
    except OSError as error:
        raise QuetsachError("E258", str(key_set)) from error
    keys = carriers.read_slip_keys(raw, str(key_set))
    proven = carriers.read_slip(slip, keys, issuer=issuer.rstrip("/"), now=datetime.now(UTC))
    request = traces.trace_request(**options)
    answer = carriers.answer_slip(proven, request, asker=asker, lasting=lasting)
    click.echo(plain_json(answer.as_json()) if as_json else plain(answer_text(answer)))
    return {"no": 0, "yes": 1}.get(answer.answer.value, 3)


def answer_text(answer: "SlipAnswer") -> str:
    """Return the answer as a sentence for the subscriber."""
    counts = {"traced": answer.traced, "notices": answer.notices}
    if answer.answer == "yes":
        return _("Yes: a notice of %(day)s is about this line (%(family)s).") % {
            "day": answer.last or "?",
            "family": answer.family or "?",
        }
    if answer.answer == "no":
        text = _("No: none of %(notices)d notices is about this line; all were traced.")
        return text % counts
    text = _("Cannot tell (%(traced)d of %(notices)d notices traced): %(why)s")
    return text % {**counts, "why": answer.why}
