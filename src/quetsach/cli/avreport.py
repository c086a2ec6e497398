"""`quetsach avreport read`: a foreign message, with what it is worth said first."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quetsach.cli import terminal as shared
from quetsach.cli.main import LazyGroup
from quetsach.errors.catalogue import N_
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.avreports import AvReportReading


MOST_SHOWN = 20
MOST_TEXT = 120


@click.command(
    "read",
    help=_(
        "Read the AVReport in FILE and verify its XML signature. A report that is unsigned, "
        "wrongly signed or signed by an unknown certificate is marked; do not use it as fact. "
        "Names that differ from the form are accepted and listed, as are missing and constant "
        "values.\n\nExit: 0 signed by a certificate you trust, 2 wrongly signed or not a "
        "message, 3 unsigned or by an unknown certificate.\n\nExample: quetsach avreport read "
        "avreport.xml --trust ca.pem"
    ),
)
@click.argument("path", metavar="FILE", type=shared.INPUT)
@click.option(
    "--trust",
    multiple=True,
    type=shared.PATH,
    help=_("Certificate that you trust, or that of a trusted authority; PEM."),
)
@click.option(
    "--at",
    metavar="T",
    help=_("Check certificates as of T (ISO 8601 with offset); now if not given."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def read_command(path: Path, trust: tuple[Path, ...], at: str | None, as_json: bool) -> int:
    """Print the message and its verdict."""
    from quetsach.api import avreports
    from quetsach.api.avreports import to_json

    reading = avreports.read_avreport(
        path, trust=trust, when=None if at is None else shared.aware_moment("--at", at)
    )
    if as_json:
        click.echo(plain_json(to_json(reading)))
    else:
        click.echo("\n".join(map(plain, _text(reading))))
    return reading.exit_code


def _text(reading: "AvReportReading") -> Iterator[str]:
    message, signature = reading.message, reading.signature
    yield {
        "trusted": _("SIGNED by a certificate that you trust."),
        "unknown-certificate": _("NOT TRUSTED: the signature is valid, but the signer is unknown."),
        "expired-certificate": _("NOT TRUSTED: the certificate is not valid at this time."),
        "wrong": _("NOT TRUSTED: wrongly signed."),
        "unsigned": _("NOT TRUSTED: unsigned."),
    }[signature.state]
    if signature.reason:
        yield f"  {signature.reason}"
    if signature.signer is not None:
        yield "  " + _("certificate: %(subject)s, until %(until)s") % {
            "subject": signature.signer.subject,
            "until": signature.signer.valid_until,
        }
    facts = {
        "id": message.sender.get("OrganId", "?"),
        "name": message.sender.get("OrganName", "?"),
        "product": message.product or "?",
        "when": "?"
        if message.datetime is None
        else datetime.fromtimestamp(message.datetime).astimezone().isoformat(),
        "machines": len(message.machines()),
        "rows": len(message.rows),
    }
    yield _("From: %(id)s %(name)s; product %(product)s; %(when)s") % facts
    yield _("Machines: %(machines)s; rows: %(rows)s") % facts
    yield from _rows(reading)
    yield from _listed(_("Deviations from the form:"), reading.deviations)
    yield from _listed(_("Missing, constant or not given:"), reading.missing)


def _rows(found: "AvReportReading") -> Iterator[str]:
    rows = found.message.rows
    for one in rows[:MOST_SHOWN]:
        facts = ", ".join(f"{name} {value}" for name, value in one.facts.items())
        row = f"{one.group}: {one.ip or '?'} {one.name or '?'}: {facts}"
        yield "  " + (row if len(row) <= MOST_TEXT else row[: MOST_TEXT - 1] + "…")
    yield from shared.more(len(rows), MOST_SHOWN)


def _listed(heading: str, sentences: Sequence[str]) -> Iterator[str]:
    if sentences:
        yield heading
    for one in sentences[: 2 * MOST_SHOWN]:
        yield f"  {one}"
    yield from shared.more(len(sentences), 2 * MOST_SHOWN)


@click.command(
    "export",
    help=_(
        "Write the findings folder FINDINGS as an edXML AVReport: each device with the addresses "
        "it reached and the malware families of the lists. What logs cannot know (operating "
        "systems, updates, antivirus state) is left empty, never filled with a constant; the list "
        "of all that is missing is printed and written beside the file.\n\n"
        "--organ names a TOML file on the sending body:\n\n\b\n"
        'organ_id = "000.00.00.H84"\n'
        'organ_name = "Sở Khoa học và Công nghệ"\n'
        "address, email, telephone, fax, website: optional\n\n"
        "Example: quetsach avreport export findings --organ organ.toml -o avreport.xml "
        "--key so.key.pem --cert so.cert.pem"
    ),
)
@click.argument("folder", metavar="FINDINGS", type=shared.PATH)
@click.option(
    "--organ", required=True, type=shared.PATH, help=_("TOML file that describes the sender.")
)
@click.option("-o", "--out", required=True, type=shared.OUTPUT, help=_("XML file to write."))
@click.option("--key", type=shared.PATH, help=_("Private RSA key in PEM form."))
@click.option(
    "--cert",
    type=shared.PATH,
    help=_("Certificate of that key in PEM form; the certificates that issued it may follow."),
)
@shared.passphrase_file
@click.option("--subject", help=_("Subject of the message."))
def export_command(
    folder: Path,
    organ: Path,
    out: Path,
    key: Path | None,
    cert: Path | None,
    passphrase_file: Path | None,
    subject: str | None,
) -> int:
    """Write the message and say what it lacks."""
    from quetsach.api import avreports
    from quetsach.cli.terminal import passphrase_for

    if (key is None) != (cert is None):
        raise click.UsageError(_("--key and --cert belong together."))
    phrase = None if key is None else passphrase_for(key, passphrase_file)
    done = avreports.export_avreport(
        folder, out, organ=organ, key=key, cert=cert, passphrase=phrase, subject=subject
    )
    click.echo(plain(str(done.file)))
    facts = {"machines": len(done.message.machines()), "rows": len(done.message.rows)}
    click.echo(_("Machines: %(machines)s; rows: %(rows)s") % facts, err=True)
    heading = _("Missing or not given (also in %(path)s):") % {"path": plain(str(done.list))}
    click.echo(heading, err=True)
    for one in done.missing:
        click.echo(f"  {plain(one)}", err=True)
    return 0


COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("export", "avreport:export_command", N_("Write findings as a signed AVReport.")),
    ("read", "avreport:read_command", N_("Read an AVReport and verify its signature.")),
)

command = LazyGroup(
    lazy=COMMANDS,
    name="avreport",
    help=_("The edXML message AVReport (công văn 2290/BTTTT-CATTT): write, sign, read."),
)
