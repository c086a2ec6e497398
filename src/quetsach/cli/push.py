"""`quetsach push`: sightings sent to a server, only the new ones, and taken back."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quetsach.cli import terminal as shared
from quetsach.cli.option_groups import told_to_others
from quetsach.errors.catalogue import N_
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _, counted, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.pushing import Push, PushTotals

KINDS = ("misp", "elastic", "syslog", "webhook")

SENT = {
    "done": N_("%(count)s sightings sent"),
    "before": N_("%(count)s were sent before"),
    "withdrawn": N_("%(count)s were taken back before and are not sent again (--again sends them)"),
    "unknown": N_("%(count)s not sent: the server does not know their indicator"),
    "refused": N_("%(count)s refused by the server: %(why)s"),
}
TAKEN_BACK = SENT | {
    "done": N_("%(count)s sightings taken back"),
    "before": N_("%(count)s were taken back before"),
}
LEFT_OUT = {
    "withheld": N_("%(count)s left out: the marking of their indicator (TLP) forbids it"),
    "no_contact": N_("%(count)s left out: they prove no contact"),
    "without_word": N_("%(count)s left out: the form has no word for such an indicator"),
    "without_time": N_("%(count)s left out: they have no time"),
}


@click.command(
    "push",
    help=_(
        "Send the sightings in the findings folder DIR to each server URL. What was sent is noted "
        "in a ledger: a second run sends only what is new, and --withdraw takes back exactly what "
        "was sent. Without --with-machines no machine, person, address of yours or text of a log "
        "is sent.\n\n"
        "misp: https://misp.example, a sighting an indicator and day on the attributes that MISP "
        "has.\n\n"
        "elastic: https://host:9200/INDEX, a document a sighting (Elastic Common Schema).\n\n"
        "syslog: tls://siem.example:6514, tcp:// or udp://, a message a sighting (RFC 5424).\n\n"
        "webhook: any https address, signed batches of JSON.\n\n"
        "Example: quetsach push findings --to misp https://misp.example --key-file misp.key "
        "--as 'So A'"
    ),
)
@click.argument("folder", metavar="DIR", type=shared.PATH)
@click.argument("addresses", metavar="URL...", nargs=-1, required=True)
@click.option("--to", "kind", required=True, type=click.Choice(KINDS), help=_("Kind of server."))
@click.option(
    "--key-file",
    type=shared.PATH,
    help=_(
        "File with the key, readable by you alone; or set QUETSACH_PUSH_KEY. For elastic an API "
        "key or USER:PASSWORD, for a webhook what signs."
    ),
)
@click.option(
    "--ca-file",
    type=shared.PATH,
    help=_("Certificate (PEM) of the authority that issued the server's certificate."),
)
@click.option(
    "--cert-file",
    type=shared.PATH,
    help=_(
        "Certificate (PEM, with its chain) that shows the server who you are; over tls:// and "
        "https://."
    ),
)
@click.option(
    "--cert-key-file",
    type=shared.PATH,
    help=_("Its key, without passphrase, readable by you alone; if it is not in the same file."),
)
@told_to_others(
    machines=_("Also what names machines, people and places, and the raw lines (not for misp)."),
    audience=_(
        "Who reads there: what its TLP marking does not allow them is left out and counted. The "
        "own organisation if not given; the community for misp."
    ),
    source=_("Name of the office that tells it; misp asks for it."),
)
@click.option(
    "--only",
    metavar="VALUE",
    multiple=True,
    help=_("Only the sightings of this indicator; may be repeated."),
)
@click.option("--withdraw", is_flag=True, help=_("Take back what was sent of this folder."))
@click.option("--again", is_flag=True, help=_("Send also what was taken back before."))
@click.option("--dry-run", is_flag=True, help=_("Print what would be sent, a line each."))
@click.option("--cef", is_flag=True, help=_("Common Event Format instead of JSON (syslog)."))
@click.option(
    "--batch",
    type=click.IntRange(1, 1000),
    default=100,
    show_default=True,
    help=_("Sightings in one request to a webhook."),
)
@click.option(
    "--limit",
    "limit_s",
    type=click.IntRange(1, 86_400),
    default=600,
    show_default=True,
    help=_("Seconds after which nothing is tried again."),
)
@click.option(
    "--ledgers",
    type=shared.PATH,
    help=_("Folder of the ledgers; ~/.local/state/quetsach/pushes if not given."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print the counts as JSON."))
def command(
    folder: Path,
    addresses: tuple[str, ...],
    kind: str,
    key_file: Path | None,
    ca_file: Path | None,
    cert_file: Path | None,
    cert_key_file: Path | None,
    with_machines: bool,
    audience: str | None,
    source: str | None,
    only: tuple[str, ...],
    withdraw: bool,
    again: bool,
    dry_run: bool,
    cef: bool,
    batch: int,
    limit_s: int,
    ledgers: Path | None,
    as_json: bool,
) -> int:
    """Send or take back at each server; 0 when all is done, 3 in part, 2 when nothing was."""
    from quetsach.api import pushing

    key = os.environ.get("QUETSACH_PUSH_KEY", "")
    if key_file is not None:
        key = pushing.read_key(key_file)
    pushes = [
        pushing.prepare_push(
            folder,
            pushing.PushWishes(
                kind,
                address,
                ledgers or pushing.state_folder(os.environ, Path.home()),
                key=key,
                with_machines=with_machines,
                audience=audience or "",
                source=source or "",
                only=only,
                cef=cef,
                batch=batch,
                again=again,
                ca_file=ca_file,
                cert_file=cert_file,
                cert_key_file=cert_key_file,
                patience=lambda: pushing.Patience(limit_s=limit_s),
            ),
        )
        for address in addresses
    ]
    if dry_run:
        return _show(pushes, withdraw=withdraw)
    codes = [_run(push, withdraw=withdraw, as_json=as_json) for push in pushes]
    return 0 if not any(codes) else 3 if 3 in codes or 0 in codes else 2


def _show(pushes: list["Push"], *, withdraw: bool) -> int:
    from quetsach.api import pushing

    for push in pushes:
        if withdraw:
            for sent in push.sent():
                click.echo(sent.number)
            continue
        for outgoing in push.outgoing():
            sys.stdout.buffer.write(pushing.line_of(outgoing) + b"\n")
        sys.stdout.flush()
        _say(push, LEFT_OUT, push.counts)
    return 0


def _run(push: "Push", *, withdraw: bool, as_json: bool) -> int:
    server = push.ledger.server
    try:
        totals = push.take_back() if withdraw else push.send()
    except QuetsachError as error:
        click.echo(error, err=True)
        return 2
    if as_json:
        click.echo(plain_json(_facts(push, withdraw=withdraw)))
    else:
        _say(push, TAKEN_BACK if withdraw else SENT, totals)
        _say(push, LEFT_OUT, push.counts)
        if not withdraw and not push.wishes.with_machines:
            text = _("Machines and people are left out; --with-machines adds them.")
            click.echo(plain(f"{server}: {text}"), err=True)
    if totals.is_whole:
        return 0
    left = totals.unsent + totals.refused
    reason = totals.why if totals.problem is None else totals.problem.what()
    click.echo(QuetsachError("E514", server, count=left, reason=reason), err=True)
    return 3 if totals.done else 2


def _say(push: "Push", texts: dict[str, str], counts: object) -> None:
    why = push.totals.why
    for name, text in texts.items():
        count = getattr(counts, name)
        if count or name == "done":
            said = counted(_(text), {"count": count, "why": why})
            click.echo(plain(f"{push.ledger.server}: {said}"), err=True)


def _facts(push: "Push", *, withdraw: bool) -> dict[str, object]:
    totals: PushTotals = push.totals
    return {
        "server": push.ledger.server,
        "act": "withdraw" if withdraw else "send",
        "ledger": str(push.ledger.path),
        **{name: getattr(totals, name) for name in ("done", "before", "withdrawn", "unknown")},
        "refused": totals.refused,
        "unsent": totals.unsent,
        "why": totals.why or None,
        "left_out": {name: getattr(push.counts, name) for name in LEFT_OUT},
    }
