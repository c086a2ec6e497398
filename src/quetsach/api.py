"""The engine's functions for programs: what the command line and the portal call."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from quetsach import __version__
from quetsach.blocking.convert import Converted, ConvertRequest
from quetsach.errors import QuetsachError
from quetsach.findings.examine import Examined
from quetsach.findings.examine import examine as examine_findings
from quetsach.findings.folder import Findings, read_folder
from quetsach.findings.kinds import kinds_of_source
from quetsach.findings.summary import exit_code, problem_json, problem_words
from quetsach.findings.withdrawn import Flagged
from quetsach.indicators.allow import allow_lists, tagged
from quetsach.indicators.check import CheckReport
from quetsach.indicators.column_guess import ColumnGuess, guess_columns
from quetsach.indicators.column_map import read_column_maps
from quetsach.indicators.decision import Decision, Verdict
from quetsach.indicators.decisions import decided
from quetsach.indicators.diff import Diff
from quetsach.indicators.options import ListOptions
from quetsach.indicators.publish import Published, Shelf
from quetsach.indicators.read import read_lists
from quetsach.indicators.update import Titles
from quetsach.notices.as_json import trace_pieces
from quetsach.pipeline.job import Options
from quetsach.run.attribute import AttributeRequest, Question
from quetsach.run.attribute import attribute as asked
from quetsach.run.key_files import KeyPair, needs_passphrase, read_signing_key, write_key_pair
from quetsach.run.knowledge import OwnTables, read_knowledge
from quetsach.run.letters import read_letter
from quetsach.run.lists import (
    check_indicators,
    convert_indicators,
    decide_indicators,
    decisions_in,
    diff_indicators,
    release_indicators,
    try_indicators,
    withdrawn_sightings,
)
from quetsach.run.sealing import Signing, sign_path
from quetsach.run.sweep import Engine, SweepRequest, sweep
from quetsach.run.trace import (
    TraceRequest,
    trace,
    trace_exit_code,
    trace_request,
)
from quetsach.run.trial import Trial
from quetsach.run.typed import moment_us, network_of, zone_of
from quetsach.run.verify import Verification, verify
from quetsach.run.why import Because, why
from quetsach.signing.keys import PublicKey, read_public
from quetsach.texts import use_language

if TYPE_CHECKING:
    from quetsach.documents.report import Written
    from quetsach.indicators.fetch.fetched import Fetched
    from quetsach.run.avreport import Exported, Reading
    from quetsach.run.verdicts import VerdictReport
    from quetsach.verdicts.model import Thresholds

__all__ = [
    "Because",
    "CheckReport",
    "ColumnGuess",
    "ConvertRequest",
    "Converted",
    "Decision",
    "Diff",
    "Examined",
    "Findings",
    "Flagged",
    "KeyPair",
    "OwnTables",
    "PublicKey",
    "Published",
    "QuetsachError",
    "Question",
    "Shelf",
    "Signing",
    "SweepRequest",
    "Titles",
    "TraceRequest",
    "Trial",
    "Verdict",
    "Verification",
    "__version__",
    "attribute",
    "cards",
    "check_indicators",
    "convert_indicators",
    "decide_indicators",
    "diff_indicators",
    "examine_findings",
    "exit_code",
    "export_avreport",
    "fetch_indicators",
    "guess_columns",
    "kinds_of_source",
    "needs_passphrase",
    "new_key",
    "problem_json",
    "problem_words",
    "read_avreport",
    "read_folder",
    "read_letter",
    "read_public",
    "release_indicators",
    "report",
    "sheet",
    "sign",
    "sweep",
    "sweep_request",
    "trace",
    "trace_exit_code",
    "trace_pieces",
    "trace_request",
    "try_indicators",
    "use_language",
    "verdicts",
    "verify",
    "why",
    "withdrawn_sightings",
]

HERE = "Asia/Ho_Chi_Minh"
"""The zone in which a moment is written where nobody names another; a PC's own may be wrong."""


def sweep_request(
    *,
    evidence: Sequence[str],
    lists: Sequence[Path],
    out: Path | None = None,
    allow: Sequence[str | Path] = (),
    decisions: Path | None = None,
    zone: str = "Asia/Ho_Chi_Minh",
    inside: Sequence[str] = (),
    accept_private: bool = False,
    since: str | None = None,
    until: str | None = None,
    engine: Engine = "local",
    workers: int | None = None,
    columns: Sequence[Path] = (),
    sign: Path | None = None,
    passphrase: bytes | None = None,
    own: OwnTables | None = None,
) -> SweepRequest:
    """Return what to sweep, with lists read and every value checked.

    Shapes: `columns` are saved column maps, or folders of them; `own` says where the office's own
    tables and lease and translation records lie, which are read as evidence besides.
    Errors: E202 for a list that cannot be read; E218 for a column map; E230, E231 for the private
    key `sign`; E601 for a wrong value.
    """
    key = None if sign is None else read_signing_key(sign, passphrase)
    tables = OwnTables() if own is None else own
    networks = tuple(network_of(one) for one in inside)
    knowledge = read_knowledge(tables)
    options = Options(
        zone=zone_of(zone).key,
        inside=knowledge.inside([str(one) for one in networks]),
        accept_private=accept_private,
        since_us=moment_us("--since", since, zone),
        until_us=moment_us("--until", until, zone),
    )
    maps = read_column_maps(columns)
    indicators = read_lists(
        lists,
        ListOptions(
            accept_private=accept_private, own=networks, zone=zone_of(zone), column_maps=maps
        ),
    )
    indicators, _dropped = decided(indicators, decisions_in(decisions))
    if allow:
        indicators = tagged(indicators, allow_lists(allow, usual=False))
    target = out if out is not None else _free_folder()
    return SweepRequest(
        (*evidence, *tables.leases, *tables.nat),
        indicators,
        target,
        options,
        engine,
        workers,
        key,
        knowledge,
    )


def attribute(
    questions: Sequence[Question],
    *,
    evidence: Sequence[str],
    own: OwnTables | None = None,
    zone: str = HERE,
    inside: Sequence[str] = (),
    workers: int | None = None,
) -> list[dict[str, Any]]:
    """Return who was behind each address at its time, with grade, rivals and steps.

    Shapes: see run/attribute.py. Errors: E262 to E266 for the own tables; E601 for a wrong value.
    """
    tables = OwnTables() if own is None else own
    networks = [str(network_of(one)) for one in inside]
    knowledge = read_knowledge(tables)
    options = Options(zone=zone_of(zone).key, inside=knowledge.inside(networks))
    return asked(
        AttributeRequest(
            questions=questions,
            evidence=(*evidence, *tables.leases, *tables.nat),
            options=options,
            knowledge=knowledge,
            workers=workers,
        )
    )


def fetch_indicators(
    address: str,
    target: Path,
    *,
    interface: str = "taxii",
    user: str = "",
    password: str = "",
    token: str = "",
    added_after: str | None = None,
    ca_file: Path | None = None,
) -> "Fetched":
    """Write the list of a TAXII ("taxii") or MISP ("misp", "misp-feed") server to `target`.

    Nothing is written when nothing is new. The host of `address` is asked, and no other.
    Errors: E213 to E216 for the server; E406 for the file; E601 for a wrong value.
    """
    # Imported where it is used: nothing but this needs the network.
    from quetsach.indicators.fetch.connection import Credentials
    from quetsach.indicators.fetch.fetch import FetchOptions, Interface, fetch_list

    options = FetchOptions(
        interface=Interface(interface),
        credentials=Credentials(user, password, token),
        added_after=added_after,
        ca_file=ca_file,
    )
    return fetch_list(address, target, options)


def report(folder: Path, *, form: str, unit: str | None, out: Path | None = None) -> "Written":
    """Fill the form with this code from the findings in `folder`; return the files written.

    Errors: E303, E305 for the folder; E401 to E405 for the form; E406 when it cannot be written.
    """
    # Imported where it is used: a sweep writes no documents, and need not wait for their libraries.
    from quetsach.documents.report import write_report

    findings = read_folder(folder)
    summary: Mapping[str, Any] = findings.manifest["summary"]
    target = folder if out is None else out
    return write_report(
        summary, findings.coverage, target, form_code=form, unit=unit, created=_as_of(findings)
    )


def new_key(
    name: str, folder: Path, *, owner: str = "", passphrase: bytes | None = None
) -> KeyPair:
    """Make a pair of keys in `folder` and return where it lies.

    Errors: E230 for the name; E232 when one of the files is there already; E237.
    """
    return write_key_pair(name, folder, owner=owner, passphrase=passphrase)


def sign(
    path: Path, *, key: Path, passphrase: bytes | None = None, when: datetime | None = None
) -> Signing:
    """Sign a release, findings or any file with the private key at `key`; `when` is aware.

    Errors: E230 to E235, E237.
    """
    moment = datetime.now(ZoneInfo(HERE)) if when is None else when
    return sign_path(path, read_signing_key(key, passphrase), moment)


def sheet(path: Path, *, out: Path | None = None, key_id: str | None = None) -> Path:
    """Write the one-page sheet of what is signed at `path` as PDF, and return where it is.

    Errors: E235 when it was changed; E238 when it is not signed; E405, E406 for the PDF.
    """
    from quetsach.run.sheet import write_sheet

    return write_sheet(path, out=out, key_id=key_id)


def cards(
    folder: Path,
    *,
    devices: Sequence[str] = (),
    out: Path | None = None,
    html: bool = False,
    case_url: str | None = None,
    tool: str = "",
) -> tuple[Path, ...]:
    """Write a handling sheet for each device in `folder`, or for `devices`; return the files.

    Errors: E303, E305; E405, E406; E408 for a device that is not there; E409 for the URL.
    """
    from quetsach.run.card import write_cards

    return write_cards(folder, devices=devices, out=out, html=html, case_url=case_url, tool=tool)


def export_avreport(
    folder: Path,
    out: Path,
    *,
    organ: Path,
    key: Path | None = None,
    cert: Path | None = None,
    passphrase: bytes | None = None,
    subject: str | None = None,
) -> "Exported":
    """Write the findings in `folder` as an edXML AVReport, signed where a key is given.

    Errors: E303, E305, E441, E442, E444.
    """
    from quetsach.run.avreport import Pair, export

    pair = Pair(key, cert, passphrase) if key is not None and cert is not None else None
    return export(folder, out, organ=organ, pair=pair, subject=subject)


def read_avreport(
    path: Path, *, trust: Sequence[Path] = (), when: datetime | None = None
) -> "Reading":
    """Return the AVReport at `path` with the verdict on its signature, as of `when` (aware; now).

    Errors: E440, E443, E444.
    """
    from quetsach.run.avreport import read_file

    return read_file(path, trust=trust, when=when)


def _as_of(findings: Findings) -> datetime:
    """Return the time that a document from these findings carries: that of the last log line.

    Not the clock's: the same findings give the same bytes.
    """
    last = max((one["last"] for one in findings.coverage["sources"] if one["last"]), default=None)
    return datetime.fromisoformat(last) if last else datetime(1980, 1, 1, tzinfo=UTC)


def _free_folder() -> Path:
    """Return a folder here that is not there yet, named after the time."""
    name = f"findings-{datetime.now():%Y%m%d-%H%M%S}"
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(path for path in map(Path, names) if not path.exists())


def verdicts(
    folders: Sequence[Path],
    *,
    handled: Path | None = None,
    scans: Path | None = None,
    units: Path | None = None,
    roots: Sequence[Path] = (),
    machines: Mapping[str, int] | None = None,
    thresholds: "Thresholds | None" = None,
    as_of: str | None = None,
) -> "VerdictReport":
    """Return what is known of each device and unit from findings of one or more sweeps.

    Shapes: `handled` (device, time, what, by) and `scans` (device, time, result, signal) are CSV
    files; `units` tells units by network, `roots` by the folders that were swept; `machines`
    counts the machines of a unit. `as_of` is a local ISO date, today where none is given.
    Errors: E228, E303, E305, E310, E314.
    """
    from quetsach.run.verdicts import VerdictRequest
    from quetsach.run.verdicts import verdicts as judged
    from quetsach.verdicts.model import Thresholds as Limits

    return judged(
        VerdictRequest(
            folders=folders,
            handled=handled,
            scans=scans,
            units=units,
            roots=roots,
            machines=machines or {},
            thresholds=Limits() if thresholds is None else thresholds,
            as_of=as_of or "",
        )
    )
