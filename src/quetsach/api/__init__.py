"""The engine's functions for programs: what the command line and the portal call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from quetsach import __version__
from quetsach.blocking.contract import Mode
from quetsach.blocking.convert import Converted, ConvertRequest
from quetsach.documents.letter import (
    Annex,
    Capacity,
    Citation,
    LetterText,
    OfficialLetter,
    Passage,
    Signer,
    Standing,
    Urgency,
)
from quetsach.documents.letterhead import Letterhead, letterhead_of
from quetsach.documents.paper import Mark
from quetsach.documents.sheet_values import (
    Audience,
    JoinSheet,
    ReceiptSheet,
    WeekLine,
    WeekSheet,
)
from quetsach.errors import QuetsachError
from quetsach.evidence.codecs import (
    ByteReader,
    Codec,
    DamagedDataError,
    archive_kind,
    binary_kind,
    codec_of,
    unpacked,
)
from quetsach.evidence.member import Member
from quetsach.evidence.tar_members import tar_members
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
from quetsach.indicators.decisions import decided, decision_lines
from quetsach.indicators.diff import Diff
from quetsach.indicators.options import ListOptions
from quetsach.indicators.publish import Published, Shelf
from quetsach.indicators.read import read_lists
from quetsach.indicators.update import Titles
from quetsach.inventory.tables import Below, Line, Table, Tables, tables_in
from quetsach.notices.as_json import trace_pieces
from quetsach.notices.read import read_notice_files
from quetsach.papers.contract import Limits, Merged
from quetsach.papers.traps import Trap, TrapKind, traps_in
from quetsach.pipeline.job import Options
from quetsach.run.attribute import AttributeRequest, Question
from quetsach.run.attribute import attribute as asked
from quetsach.run.found_devices import FoundDevice, FoundFinding, devices_in
from quetsach.run.key_files import KeyPair, needs_passphrase, read_signing_key, write_key_pair
from quetsach.run.knowledge import OwnTables, read_knowledge
from quetsach.run.known import (
    Known,
    day_in,
    digest_of_findings,
    known_of,
    sightings_in,
    zone_of_findings,
)
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
from quetsach.run.open_list import NOTHING_OPEN, open_indicators
from quetsach.run.release_facts import ReleaseFacts, release_facts
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
from quetsach.run.verify_tool import ToolCheck, verify_tool
from quetsach.run.why import Because, why
from quetsach.signing.keys import PublicKey, read_public
from quetsach.texts import Language, in_language
from quetsach.trusted_tools import Catalogue, Tool, catalogue_json, read_catalogue
from quetsach.verdicts.days import days_text
from quetsach.verdicts.judge import judge
from quetsach.verdicts.model import Contact, DayCoverage, Handling, Signal, State, Thresholds, Word
from quetsach.verdicts.model import Verdict as DeviceVerdict
from quetsach.whole_files import write_whole

if TYPE_CHECKING:
    from quetsach.documents.letter_draft import Draft, DraftValue
    from quetsach.documents.letter_files import LetterFiles
    from quetsach.documents.letter_template import LetterTemplate
    from quetsach.documents.report import Written
    from quetsach.indicators.fetch.fetched import Fetched
    from quetsach.run.avreport import Exported, Reading
    from quetsach.run.verdicts import VerdictReport

__all__ = [
    "HERE",
    "NOTHING_OPEN",
    "Annex",
    "Audience",
    "Because",
    "Below",
    "ByteReader",
    "Capacity",
    "Catalogue",
    "CheckReport",
    "Citation",
    "Codec",
    "ColumnGuess",
    "Contact",
    "ConvertRequest",
    "Converted",
    "DamagedDataError",
    "DayCoverage",
    "Decision",
    "DeviceVerdict",
    "Diff",
    "Examined",
    "Findings",
    "Flagged",
    "FoundDevice",
    "FoundFinding",
    "Handling",
    "JoinSheet",
    "KeyPair",
    "Known",
    "LetterText",
    "Letterhead",
    "Limits",
    "Line",
    "Mark",
    "Member",
    "Merged",
    "Mode",
    "OfficialLetter",
    "OwnTables",
    "Passage",
    "PublicKey",
    "Published",
    "Question",
    "QuetsachError",
    "ReceiptSheet",
    "ReleaseFacts",
    "ReportForm",
    "Shelf",
    "Signal",
    "Signer",
    "Signing",
    "Standing",
    "State",
    "SweepRequest",
    "Table",
    "Tables",
    "Thresholds",
    "Titles",
    "Tool",
    "ToolCheck",
    "TraceRequest",
    "Trap",
    "TrapKind",
    "Trial",
    "Urgency",
    "Verdict",
    "Verification",
    "WeekLine",
    "WeekSheet",
    "Word",
    "__version__",
    "archive_kind",
    "attribute",
    "binary_kind",
    "card",
    "cards",
    "catalogue_json",
    "check_indicators",
    "codec_of",
    "convert_indicators",
    "day_in",
    "days_text",
    "decide_indicators",
    "decision_lines",
    "devices_in",
    "diff_indicators",
    "digest_of_findings",
    "draft_letter",
    "examine_findings",
    "exit_code",
    "export_avreport",
    "fetch_indicators",
    "form_annex",
    "guess_columns",
    "in_language",
    "join_sheet",
    "judge",
    "kinds_of_source",
    "known_of",
    "letter_body_as_plain",
    "letter_body_from_plain",
    "letter_document",
    "letter_files",
    "letter_templates",
    "letterhead_of",
    "needs_passphrase",
    "new_key",
    "open_indicators",
    "problem_json",
    "problem_words",
    "read_avreport",
    "read_catalogue",
    "read_folder",
    "read_letter",
    "read_notice_files",
    "read_public",
    "receipt_sheet",
    "release_facts",
    "release_indicators",
    "report",
    "report_forms",
    "sheet",
    "sightings_in",
    "sign",
    "sweep",
    "sweep_request",
    "tables_in",
    "tar_members",
    "trace",
    "trace_exit_code",
    "trace_pieces",
    "trace_request",
    "traps_in",
    "try_indicators",
    "unpacked",
    "verdicts",
    "verify",
    "verify_tool",
    "week_sheet",
    "why",
    "withdrawn_sightings",
    "write_whole",
    "zone_of_findings",
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


@dataclass(frozen=True)
class ReportForm:
    """A form that the program ships: its code, its version, and its title in both languages."""

    code: str
    version: str
    title_vi: str
    title_en: str


def report_forms() -> list[ReportForm]:
    """Return the forms that can be asked for and filled in, sorted by code.

    Errors: E402 when a definition is not sound.
    """
    from quetsach.forms.reading import shipped_codes, shipped_form

    forms = map(shipped_form, shipped_codes())
    return [ReportForm(one.code, one.version, one.title.vi, one.title.en) for one in forms]


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


def card(
    device: Mapping[str, Any],
    *,
    case_url: str,
    zone: str = HERE,
    tool: str = "",
    language: Language | None = None,
) -> bytes:
    """Return the handling sheet of one device as PDF, its QR code leading to `case_url`.

    Shapes: `device` as devices.json of a findings folder has it; what it lacks stays blank.
    Errors: E405; E409 for the URL; E601 for the zone.
    """
    from quetsach.documents.card import Campaign, card_of
    from quetsach.documents.card_pdf import card_pdf
    from quetsach.documents.link import checked_link

    with in_language(language):
        return card_pdf(card_of(device, Campaign(zone_of(zone), tool), checked_link(case_url)))


def letter_templates() -> "list[LetterTemplate]":
    """Return the kinds of letter that can be drafted, with the fields of each."""
    from quetsach.documents import letter_template

    return letter_template.letter_templates()


def draft_letter(code: str, values: "Mapping[str, DraftValue]") -> "Draft":
    """Return the words that the template `code` makes of `values`, by the ids of its fields.

    Errors: E420 for the template; E422 for a value; E409 for a link.
    """
    from quetsach.documents import letter_draft
    from quetsach.documents.letter_template import load_letter_template

    return letter_draft.draft_letter(load_letter_template(code), values)


def letter_body_as_plain(body: Sequence[Passage], language: str = "vi") -> str:
    """Return the body of a letter as text for an editor: a line a passage, numbered."""
    from quetsach.documents.letter_plain import as_plain

    return as_plain(body, language)


def letter_body_from_plain(text: str) -> tuple[Passage, ...]:
    """Return the body that an editor's text holds; the twin of letter_body_as_plain."""
    from quetsach.documents.letter_plain import from_plain

    return from_plain(text)


def form_annex(form: str, definition: str = "") -> Annex:
    """Return the form with this code, left open, as an annex of a letter.

    Shapes: `definition` is the form's text where it is not the shipped one. Errors: E401, E402.
    """
    from quetsach.documents.letter import Annex, BlankForm
    from quetsach.documents.letter_annex import form_of

    part = BlankForm(form, definition)
    return Annex(form_of(part).title.vi, (part,))


def letter_files(
    letter: OfficialLetter, *, paper: bool = False, created: datetime | None = None
) -> "LetterFiles":
    """Return an official letter as DOCX and PDF; for `paper` with its QR code, number on annexes.

    Shapes: `created` is aware; the day of signing unless it is given.
    Errors: E422 when it cannot be printed; E401, E402 for a form in an annex; E405.
    """
    from quetsach.documents import letter_files
    from quetsach.documents.letter import Medium

    medium = Medium.PAPER if paper else Medium.ELECTRONIC
    return letter_files.letter_files(letter, medium=medium, created=created)


def letter_document(
    letter: OfficialLetter,
    folder: Path,
    *,
    name: str = "cong-van",
    paper: bool = False,
    created: datetime | None = None,
) -> "Written":
    """Write an official letter to `folder` as NAME.docx and NAME.pdf; return the files written.

    Errors: as letter_files; E406 when they cannot be written.
    """
    from quetsach.documents.letter import Medium
    from quetsach.documents.letter_files import write_letter

    medium = Medium.PAPER if paper else Medium.ELECTRONIC
    return write_letter(letter, folder, name=name, medium=medium, created=created)


def join_sheet(sheet: JoinSheet, *, language: Language | None = None) -> bytes:
    """Return the sheet that invites a unit's people to a campaign, as PDF.

    Errors: E405; E409 for the link; E423.
    """
    from quetsach.documents.join_sheet import join_sheet_pdf

    with in_language(language):
        return join_sheet_pdf(sheet)


def week_sheet(sheet: WeekSheet, *, language: Language | None = None) -> bytes:
    """Return the week of a campaign on one page, for who leads a unit, as PDF.

    Errors: E405; E409 for the link.
    """
    from quetsach.documents.week_sheet import week_sheet_pdf

    with in_language(language):
        return week_sheet_pdf(sheet)


def receipt_sheet(sheet: ReceiptSheet, *, language: Language | None = None) -> bytes:
    """Return the sheet that goes with a printed letter, to confirm its receipt, as PDF.

    Errors: E405; E409 for the link.
    """
    from quetsach.documents.receipt_sheet import receipt_sheet_pdf

    with in_language(language):
        return receipt_sheet_pdf(sheet)


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
    thresholds: Thresholds | None = None,
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

    return judged(
        VerdictRequest(
            folders=folders,
            handled=handled,
            scans=scans,
            units=units,
            roots=roots,
            machines=machines or {},
            thresholds=Thresholds() if thresholds is None else thresholds,
            as_of=as_of or "",
        )
    )
