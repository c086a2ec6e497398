"""Findings sent to a server: MISP, Elasticsearch, a receiver of syslog, a webhook."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from quetsach import __version__
from quetsach.api.exporting import SOURCE as SOURCE
from quetsach.api.exporting import export_named
from quetsach.api.findings import digest_of_findings, read_folder
from quetsach.clocks import iso_from_us
from quetsach.errors.exceptions import QuetsachError
from quetsach.exports.contract import Export, ExportFacts, Sighting, plain_record
from quetsach.exports.rows import ALL_COLUMNS, SHARED, ExportCounts, sightings_for
from quetsach.exports.sharing import by_day
from quetsach.exports.tables import ecs_document
from quetsach.file_owners import refuse_changeable
from quetsach.indicators.dates import us_now
from quetsach.indicators.fetch.connection import Credentials, parse_target
from quetsach.indicators.fetch.trust import ClientCertificate
from quetsach.indicators.restriction import Audience
from quetsach.pushes import elastic, misp, webhook
from quetsach.pushes.contract import Outgoing, PushOutcome, PushReceiver
from quetsach.pushes.ledger import PushLedger
from quetsach.pushes.ledger import state_folder as state_folder
from quetsach.pushes.requests import Patience as Patience
from quetsach.pushes.requests import PushClient
from quetsach.pushes.running import (
    PushTotals as PushTotals,
)
from quetsach.pushes.running import new_sightings, send_new, sent_sightings, take_back
from quetsach.pushes.signatures import signing_key
from quetsach.pushes.syslog import SyslogTarget, message, syslog_address
from quetsach.texts import _

KINDS: Mapping[str, str] = {
    "misp": "misp",
    "elastic": "ecs",
    "syslog": "ndjson",
    "webhook": "ndjson",
}
"""Each kind of server, and the form of export whose sightings it gets."""

_LONGEST_KEY = 4096


@dataclass(frozen=True)
class PushWishes:
    """What is sent where.

    Shapes: `kind` is one of KINDS; `address` that of the server; `key` the secret that lets us in,
    or signs; `audience` is one of Audience, "" for that of the form; `source` is the office that
    tells it; `only` are values of indicators, all if empty; `batch` is how many a webhook gets at
    once; `ledgers` is the folder of the ledgers. `again` sends what was taken back before, `cef`
    says it in CEF over syslog. `cert_file` and `cert_key_file` are the certificate that a server
    asks for, and its key.
    """

    kind: str
    address: str
    ledgers: Path
    key: str = field(default="", repr=False)
    with_machines: bool = False
    audience: str = ""
    source: str = ""
    only: Collection[str] = ()
    cef: bool = False
    batch: int = 100
    again: bool = False
    ca_file: Path | None = None
    cert_file: Path | None = None
    cert_key_file: Path | None = None
    patience: Callable[[], Patience] = Patience


@dataclass
class Push:
    """A push of one findings folder to one server, before it is begun."""

    wishes: PushWishes
    folder: Path
    form: Export
    facts: ExportFacts
    ledger: PushLedger
    counts: ExportCounts = field(default_factory=ExportCounts)
    totals: PushTotals = field(default_factory=PushTotals)

    def outgoing(self) -> Iterator[Outgoing]:
        """Yield what would go now, and count the rest. Errors: E305 for the folder."""
        wishes = self.wishes
        reader = Audience(wishes.audience) if wishes.audience else self.form.audience
        rows = _only(
            sightings_for(self.folder, self.form, reader, self.facts.columns, self.counts),
            wishes.only,
        )
        outgoing = _outgoing(rows, wishes, self.form, self.facts)
        return new_sightings(outgoing, self.ledger, self.totals, again=wishes.again)

    def send(self) -> PushTotals:
        """Send what is new. Errors: E601 for the address or key; E516, E515, E406, E305."""
        receiver = _receiver(self.wishes)
        with self.ledger.alone():
            send_new(receiver, self.outgoing(), self.ledger, self.totals, _now)
        return self.totals

    def sent(self) -> Iterator[PushOutcome]:
        """Yield what the ledger says was sent of this folder and not taken back since."""
        return sent_sightings(self.sent_numbers(), self.ledger, self.totals)

    def sent_numbers(self) -> Iterator[str]:
        """Yield the numbers of all that may have been sent of this folder, whatever its marking."""
        columns = self.facts.columns
        every = Export("", "", "", "", self.form.write, Audience.OWNER)
        rows = sightings_for(self.folder, every, Audience.OWNER, columns, ExportCounts())
        rows = _only(rows, self.wishes.only)
        if self.wishes.kind == "misp":
            timed = (row for row in rows if "@timestamp" in row)
            return (misp.misp_day(day, self.facts.source).number for day in by_day(timed))
        return (str(row["quetsach.sighting.id"]) for row in rows)

    def take_back(self) -> PushTotals:
        """Take back what was sent of this folder. Errors: as `send`."""
        receiver = _receiver(self.wishes)
        with self.ledger.alone():
            take_back(receiver, self.sent(), self.ledger, self.totals, _now)
        return self.totals


def prepare_push(folder: Path, wishes: PushWishes) -> Push:
    """Return a push of the findings in `folder`; nothing is sent yet.

    Errors: E303, E305 for the folder; E214, E601 for the address; E601 for machines in MISP, and
    where no office is named there; E104, E515 for the ledger.
    """
    if wishes.with_machines and wishes.kind == "misp":
        raise QuetsachError("E601", "--with-machines", reason=_("MISP is never told of machines"))
    if wishes.kind == "misp" and not wishes.source:
        # By this name a run knows the sightings that are its own, also those that it takes back.
        reason = _(
            "several offices tell one MISP of sightings, and this name alone tells theirs apart: "
            "name your office, as in --as 'So A'"
        )
        raise QuetsachError("E601", "--as", reason=reason)
    wishes = replace(wishes, source=wishes.source or SOURCE)
    if wishes.kind == "syslog":
        address = shown = str(syslog_address(wishes.address))
    else:
        target = parse_target(wishes.address)
        address, shown = str(target), str(target.at("/"))
    _check_certificate(wishes, address)
    findings = read_folder(folder)
    columns = ALL_COLUMNS if wishes.with_machines else SHARED
    facts = ExportFacts(digest_of_findings(findings), wishes.source, us_now(), __version__, columns)
    name = "cef" if wishes.kind == "syslog" and wishes.cef else KINDS[wishes.kind]
    ledger = PushLedger(wishes.ledgers, wishes.kind, address, shown)
    return Push(wishes, folder, export_named(name), facts, ledger)


def _check_certificate(wishes: PushWishes, address: str) -> None:
    """Refuse a certificate that would be shown to nobody. Errors: E601."""
    if wishes.cert_file is None:
        if wishes.cert_key_file is not None:
            reason = _("it belongs to a certificate: name that by --cert-file")
            raise QuetsachError("E601", "--cert-key-file", reason=reason)
        return
    if not address.startswith(("tls://", "https://")):
        reason = _("a certificate is shown over tls:// and https:// alone")
        raise QuetsachError("E601", "--cert-file", reason=reason)


def line_of(outgoing: Outgoing) -> bytes:
    """Return one line that shows what would be sent."""
    content = outgoing.content
    return content if isinstance(content, bytes) else msgspec.json.encode(content)


def read_key(path: Path) -> str:
    """Return the secret in a file that its owner alone can read. Errors: E601 otherwise, E625."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if os.name != "nt" and status.st_mode & 0o077:
                reason = _("others can read this file: chmod 600 %(file)s") % {"file": path}
                raise QuetsachError("E601", "--key-file", reason=reason)
            refuse_changeable(path, status)
            return file.read(_LONGEST_KEY + 1).decode().strip("\r\n")
    except (OSError, UnicodeDecodeError) as err:
        raise QuetsachError("E601", "--key-file", reason=str(path)) from err


def _only(rows: Iterable[Sighting], values: Collection[str]) -> Iterator[Sighting]:
    wanted = {value.casefold() for value in values}
    for sighting in rows:
        names = (sighting["threat.indicator.name"], sighting["quetsach.indicator.key"])
        if not wanted or any(str(name).casefold() in wanted for name in names):
            yield sighting


def _outgoing(
    rows: Iterable[Sighting], wishes: PushWishes, form: Export, facts: ExportFacts
) -> Iterator[Outgoing]:
    if wishes.kind == "misp":
        yield from (misp.misp_day(day, facts.source) for day in by_day(rows))
        return
    for sighting in rows:
        if wishes.kind == "elastic":
            content = msgspec.json.encode(ecs_document(sighting, facts))
        elif form.name == "cef":
            content = b"".join(form.write([sighting], facts)).rstrip(b"\n")
        else:
            content = msgspec.json.encode(plain_record(sighting) | {"event.provider": facts.source})
        if wishes.kind == "syslog":
            content = message(content, "sighting", sighting.get("@timestamp"))
        yield Outgoing(str(sighting["quetsach.sighting.id"]), content)


def _receiver(wishes: PushWishes) -> PushReceiver:
    """Return who takes the sightings. Errors: E601, E214 for address or key."""
    patience, ca_file = wishes.patience(), wishes.ca_file
    certificate = None
    if wishes.cert_file is not None:
        certificate = ClientCertificate(wishes.cert_file, wishes.cert_key_file)
    if wishes.kind == "syslog":
        address = syslog_address(wishes.address)
        return SyslogTarget(
            address, patience, wishes.source, __version__, wishes.cef, ca_file, certificate
        )
    target = parse_target(wishes.address)
    if wishes.kind == "webhook":
        key = signing_key(wishes.key)
        client = PushClient(target, webhook.HEADERS, patience, ca_file, certificate)
        return webhook.WebhookTarget(client, key, wishes.source, most_at_once=wishes.batch)
    user, colon, password = wishes.key.partition(":")
    credentials = Credentials(user, password) if colon else Credentials(token=wishes.key)
    if wishes.kind == "misp":
        headers = misp.HEADERS | Credentials(token=wishes.key).header("")
        return misp.MispReceiver(PushClient(target, headers, patience, ca_file, certificate))
    headers = elastic.HEADERS | credentials.header("ApiKey")
    client = PushClient(target, headers, patience, ca_file, certificate)
    return elastic.ElasticReceiver(client, patience)


def _now() -> str:
    return iso_from_us(us_now())
