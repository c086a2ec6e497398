"""The engine's functions for programs: what the command line and the portal call.

Each name is loaded when it is first asked for: who reads a letter waits for no reader of logs.
"""

from importlib import import_module  # noqa: TID251 - a name is loaded when it is first asked for
from typing import TYPE_CHECKING

from quetsach import __version__
from quetsach.api.places import PLACES

if TYPE_CHECKING:
    from quetsach.api.avreports import export_avreport, read_avreport
    from quetsach.api.fetching import fetch_indicators
    from quetsach.api.filled_forms import ReportForm, report, report_forms
    from quetsach.api.here import HERE
    from quetsach.api.judging import verdicts
    from quetsach.api.letters import (
        draft_letter,
        form_annex,
        letter_body_as_plain,
        letter_body_from_plain,
        letter_digest,
        letter_document,
        letter_files,
        letter_templates,
        letter_unfit,
    )
    from quetsach.api.sheets import (
        card,
        cards,
        join_sheet,
        receipt_sheet,
        sheet,
        table_csv,
        table_xlsx,
        week_sheet,
        write_table,
    )
    from quetsach.api.signing import new_key, sign
    from quetsach.api.sweeps import attribute, sweep_request
    from quetsach.blocking.contract import Mode
    from quetsach.blocking.convert import Converted, ConvertRequest
    from quetsach.documents.document_proof import DocumentProof
    from quetsach.documents.heading import notation_for
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
    from quetsach.documents.printable import Unfit
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
    from quetsach.hostnames import suffix_section
    from quetsach.indicators.check import CheckReport
    from quetsach.indicators.column_guess import ColumnGuess, guess_columns
    from quetsach.indicators.decision import Decision, Verdict
    from quetsach.indicators.decisions import decision_lines
    from quetsach.indicators.diff import Diff
    from quetsach.indicators.publish import Published, Shelf
    from quetsach.indicators.update import Titles
    from quetsach.inventory.tables import Below, Line, Table, Tables, tables_in
    from quetsach.notices.as_json import trace_pieces
    from quetsach.notices.read import read_notice_files
    from quetsach.papers.contract import Limits, Merged
    from quetsach.papers.traps import Trap, TrapKind, traps_in
    from quetsach.run.attribute import Question
    from quetsach.run.conversion import convert_indicators
    from quetsach.run.found_devices import FoundDevice, FoundFinding, devices_in
    from quetsach.run.hindsight import try_indicators, withdrawn_sightings
    from quetsach.run.key_files import KeyPair, needs_passphrase
    from quetsach.run.knowledge import OwnTables
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
        decide_indicators,
        diff_indicators,
        release_indicators,
    )
    from quetsach.run.newer_catalogue import Renewal, renew_catalogue
    from quetsach.run.open_list import NOTHING_OPEN, open_indicators
    from quetsach.run.release_facts import ReleaseFacts, release_facts
    from quetsach.run.sealing import Signing
    from quetsach.run.sweep import SweepRequest, sweep
    from quetsach.run.trace import TraceRequest, trace, trace_exit_code, trace_request
    from quetsach.run.trial import Trial
    from quetsach.run.verify import Verification, verify
    from quetsach.run.verify_tool import ToolCheck, verify_tool
    from quetsach.run.why import Because, why
    from quetsach.signing.keys import PublicKey, read_public
    from quetsach.texts import in_language
    from quetsach.trusted_tools import Catalogue, Tool, catalogue_json, read_catalogue
    from quetsach.verdicts.days import days_text
    from quetsach.verdicts.judge import judge
    from quetsach.verdicts.model import (
        Contact,
        DayCoverage,
        Handling,
        Signal,
        State,
        Thresholds,
        Word,
    )
    from quetsach.verdicts.model import Verdict as DeviceVerdict
    from quetsach.whole_files import write_whole

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
    "DocumentProof",
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
    "Renewal",
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
    "Unfit",
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
    "letter_digest",
    "letter_document",
    "letter_files",
    "letter_templates",
    "letter_unfit",
    "letterhead_of",
    "needs_passphrase",
    "new_key",
    "notation_for",
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
    "renew_catalogue",
    "report",
    "report_forms",
    "sheet",
    "sightings_in",
    "sign",
    "suffix_section",
    "sweep",
    "sweep_request",
    "table_csv",
    "table_xlsx",
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
    "write_table",
    "write_whole",
    "zone_of_findings",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if not TYPE_CHECKING:
    # Kept from the type checker, which would take any name for one of these.
    def __getattr__(name: str) -> object:
        if name not in PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module, _colon, its_name = PLACES[name].partition(":")
        value: object = getattr(import_module(module), its_name or name)
        globals()[name] = value
        return value
