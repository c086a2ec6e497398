"""What the page of a submission and the pages around it show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.by_hand import LineSeen, made_of
from quetsach_portal.cases.models.case import Case
from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.intake.actions import may_retry_sweep, refuse_if_closed
from quetsach_portal.intake.boundary import SourceDeclared
from quetsach_portal.intake.coverage import CoverageDays, covered
from quetsach_portal.intake.folders import release_name
from quetsach_portal.intake.log_sources import declared_in, said_words
from quetsach_portal.intake.looked import looks_of
from quetsach_portal.intake.models import (
    Submission,
    SubmissionKind,
    SubmissionState,
    TableKind,
    Trust,
)
from quetsach_portal.intake.problems import (
    ProblemView,
    contact_words,
    describe_problem,
    kind_words,
    look_words,
    next_step,
    sureness_tone,
    sureness_words,
    without_folder,
)
from quetsach_portal.intake.queries import (
    coverage_of,
    days_in_question,
    destroyed_on,
    files_of,
    rules_of,
)
from quetsach_portal.intake.recording import proves_silence
from quetsach_portal.jobs.models import JobState
from quetsach_portal.looks.figures import (
    LookFigures,
    handed_in_words,
    no_machine_in_words,
    own_look,
)
from quetsach_portal.looks.models import LookGrade
from quetsach_portal.looks.recording import lacking_words, repeated_words
from quetsach_portal.planted.standing import names_of, power_words
from quetsach_portal.web.acts import Refused

COLLECTOR = SubmissionKind.COLLECTOR.value
TONES: Mapping[str, str] = {
    SubmissionState.DONE: "good",
    SubmissionState.FAILED: "bad",
    SubmissionState.REFUSED: "bad",
    SubmissionState.QUARANTINED: "bad",
    SubmissionState.SWEEPING: "info",
    SubmissionState.WITHDRAWN: "calm",
}
_MOST_ROWS = 100


@dataclass(frozen=True)
class SubmissionStatus:
    """The progress of a submission: the page that shows it, its wording, and its percentage."""

    page: str
    label: str
    tone: str
    percent: int
    said: str
    may_again: bool


def standing_of(submission: Submission) -> SubmissionStatus:
    """Return its progress; an abandoned job counts as an end."""
    job = submission.job
    again = submission.raw_destroyed_at is None and may_retry_sweep(submission, job)
    label, tone = str(submission.get_state_display()), TONES.get(submission.state, "calm")
    if submission.state == SubmissionState.RECEIVING:
        page = "draft"
    elif submission.state == SubmissionState.DONE:
        page = "result"
    elif submission.state in TONES and submission.state != SubmissionState.SWEEPING:
        page = "ended"
    elif again:
        page, label, tone = "ended", str(SubmissionState.FAILED.label), "bad"
    else:
        page = "progress"
    percent, said = 0, ""
    if job is not None and job.state == JobState.RUNNING:
        percent, said = job.progress // 10, job.said
    return SubmissionStatus(page, label, tone, percent, said, again)


def page_of(submission: Submission) -> dict[str, Any]:
    """Return what the template of `standing_of(...).page` shows."""
    standing = standing_of(submission)
    files = files_of(submission)
    context: dict[str, Any] = {
        "submission": submission,
        "node": submission.node,
        "standing": standing,
        "files": files,
        "problem": describe_problem(submission.told) if submission.told else None,
        "bad_files": [stored for stored in files if stored.state in _BAD],
    }
    if standing.page == "result":
        context |= result_of(submission, files)
    return context


def result_of(submission: Submission, files: list[StoredFile]) -> dict[str, Any]:
    """Return what the page of a finished submission shows."""
    summary = submission.summary
    problems = [describe_problem(one) for one in summary["problems"][:_MOST_ROWS]]
    keep_days = rules_of(submission.node.campaign).keep_raw_days
    calendar = calendar_of(submission)
    return {
        "summary": summary,
        "devices": devices_with_cases(submission),
        "problems": problems,
        "more_problems": summary["problem_count"] - len(problems),
        "sources": [_source(one) for one in summary["sources"][:_MOST_ROWS]],
        "more_sources": summary["source_count"] - min(_MOST_ROWS, len(summary["sources"])),
        "calendar": calendar,
        "look": lines_with_cases(submission),
        "declared": declared_words(submission),
        "zone_assumed": sum(bool(one.get("zone_assumed")) for one in summary["sources"]),
        "set_aside": [without_folder(path) for path in summary.get("set_aside", ())],
        "trust": Trust(submission.trust),
        "proves_silence": proves_silence(submission),
        "keep_days": keep_days,
        "destroyed_on": destroyed_on(submission, keep_days),
        "wants_more": wants_more(problems, summary, calendar),
        "zero": "" if summary["device_count"] else worth_of_zero(submission.node),
        "raw_size": sum(one.size for one in files),
        "looked": looked_in(submission),
        "unit_look": own_look(submission.node),
    }


@dataclass(frozen=True)
class HandedInLook:
    """A machine that a hand-in looked at: its name, whether it is whole, and what it lacks."""

    name: str
    is_whole: bool
    note: str


@dataclass(frozen=True)
class SubmissionLooks:
    """What a hand-in looked at: its machines, and the figures for its sentences."""

    rows: Sequence[HandedInLook]
    figures: LookFigures

    @property
    def words(self) -> str:
        """What it looked at, in words."""
        return handed_in_words(self.figures)

    @property
    def zero(self) -> str:
        """The sentence for no machine found in it."""
        return no_machine_in_words(self.figures)


def looked_in(submission: Submission) -> SubmissionLooks:
    """Return the machines and days that a hand-in looked at. Cost: one query."""
    rows, whole, part = [], set(), set()
    for look in looks_of(submission):
        note = lacking_words(look.lacks)
        if look.repeats is not None:
            note = repeated_words(look.repeats.node.name_at_freeze)
        elif look.grade == LookGrade.FULL:
            whole.add(look.machine_id)
        else:
            part.add(look.machine_id)
        rows.append(HandedInLook(look.machine.name, not note, note))
    # What a machine says of itself covers no day.
    days = 0 if submission.kind == SubmissionKind.COLLECTOR else submission.days
    seen = LookFigures(seen=len(whole), part=len(part - whole), days=days, of_days=days)
    return SubmissionLooks(rows, seen)


def declared_words(submission: Submission) -> list[tuple[str, str, str]]:
    """Return what the unit had declared of its log sources for this sweep: name, paths, words."""
    return _in_words(msgspec.convert(submission.declared, list[SourceDeclared]))


def _in_words(sources: Iterable[SourceDeclared]) -> list[tuple[str, str, str]]:
    return [(one.name, ", ".join(one.path), ", ".join(said_words(one))) for one in sources]


def devices_with_cases(submission: Submission) -> list[dict[str, Any]]:
    """Return the devices of a submission with their cases. Cost: one query."""
    devices = submission.summary["devices"][:_MOST_ROWS]
    cases = Case.objects.filter(
        node_id=submission.node_id, device__engine_key__in=[row["device"] for row in devices]
    ).order_by("pk")
    by_key = dict(cases.values_list("device__engine_key", "pk"))
    return [_device(row, by_key.get(row["device"])) for row in devices]


@dataclass(frozen=True)
class LookView:
    """A line to look at as the page shows it, and the case that a person made of it, if any."""

    number: str
    line: str
    path: str
    offset: int
    indicators: str
    why: str
    case_id: int | None
    seen: LineSeen


def lines_with_cases(submission: Submission) -> list[LookView]:
    """Return the lines to look at with the cases made of them. Cost: two queries."""
    lines = submission.summary.get("look", [])[:_MOST_ROWS]
    cases = made_of(submission.node, [one["number"] for one in lines]) if lines else {}
    return [_look(one, cases.get(one["number"])) for one in lines]


def line_of(submission: Submission, number: str) -> LookView | None:
    """Return the line to look at that has this number, None where there is none."""
    known = lines_with_cases(submission)
    return next((one for one in known if one.number == number), None)


def _look(line: Mapping[str, Any], case_id: int | None) -> LookView:
    return LookView(
        number=line["number"],
        line=line["line"],
        path=without_folder(line["path"]),
        offset=line["offset"],
        indicators=", ".join(line["indicators"]),
        why=look_words(line["why"]),
        case_id=case_id,
        seen=LineSeen(
            number=line["number"],
            path=line["path"],
            offset=line["offset"],
            text=line["line"],
            dataset=line["dataset"],
            indicator=next(iter(line["indicators"]), ""),
            tlp=line.get("tlp", ""),
        ),
    )


def calendar_of(submission: Submission) -> CoverageDays | None:
    """Return the days of this submission, from the first to the last of them."""
    if submission.first_day is None or submission.last_day is None:
        return None
    days = {
        date.fromisoformat(day): (sums["lines"], sums["alive"])
        for day, sums in submission.summary["days"].items()
    }
    return covered(submission.first_day, submission.last_day, days)


def wants_more(
    problems: list[ProblemView], summary: Mapping[str, Any], calendar: CoverageDays | None
) -> list[str]:
    """Return which further logs would help, in sentences; empty when none is missing."""
    sentences = []
    if summary.get("lines_to_look_at"):
        text = _(
            "The same logs exported in a form that is read: lines of unknown form name nobody."
        )
        sentences.append(text)
    if problems or summary["rejects"]:
        text = _("Files or lines that could not be read: get them from their source again.")
        sentences.append(text)
    if any(one.get("zone_assumed") for one in summary["sources"]):
        text = _("The time zone of the logs, declared once (below): no machine is certain before.")
        sentences.append(text)
    if any(one.get("year_guessed") for one in summary["sources"]):
        text = _(
            "The year of logs that leave it out, or the day they were taken: declare it among the "
            "log sources; no machine is certain before."
        )
        sentences.append(text)
    if calendar is None:
        sentences.append(_("Logs that show contacts: DNS, firewall, proxy or Zeek."))
    elif calendar.missing:
        sentences.append(_("Logs of the missing days in between."))
    if summary["unattributed"]:
        text = _("%(kind)s for these days: some sightings name no machine yet.")
        sentences.append(text % {"kind": TableKind.LEASES.label})
    return sentences


_BAD = (FileState.REFUSED, FileState.QUARANTINED)


def _source(source: Mapping[str, Any]) -> dict[str, Any]:
    kinds = ", ".join(kind_words(kind) for kind in source["kinds"])
    return {
        **source,
        "path": without_folder(source["path"]),
        "kinds": kinds or _("address assignments"),
        "first": _moment(source["first"]),
        "last": _moment(source["last"]),
    }


def _device(device: Mapping[str, Any], case_id: int | None) -> dict[str, Any]:
    """Return a device that was found, with its next step and its case."""
    return {
        "name": device["device"],
        "addresses": ", ".join(device["addresses"]),
        "sureness": sureness_words(device["grade"]),
        "tone": sureness_tone(device["grade"]),
        "contact": contact_words(device["best_grade"]),
        "indicators": ", ".join(device["indicators"]),
        "sightings": device["sightings"],
        "first": _moment(device["first"]),
        "last": _moment(device["last"]),
        "step": next_step(device["grade"], device["best_grade"]),
        "case_id": case_id,
    }


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def of_unit(node: CampaignNode) -> dict[str, Any]:
    """Return what the page of a unit shows beside the list of submissions."""
    first, last = days_in_question(node)
    return {
        "node": node,
        "closed": why_closed(node),
        "calendar": coverage_of(node, first, last),
        "unit_look": own_look(node),
        "zero": worth_of_zero(node),
        "rules": rules_of(node.campaign),
        "declared": _in_words(declared_in(node.unit_id)),
    }


def worth_of_zero(node: CampaignNode) -> str:
    """Return how surely the unit's logs would have shown a contact. Cost: one query."""
    return power_words(names_of(node).power())


def rows_of(submissions: Sequence[Submission]) -> list[tuple[Submission, SubmissionStatus]]:
    """Return each submission with its progress."""
    return [(one, standing_of(one)) for one in submissions]


def why_closed(node: CampaignNode) -> str:
    """Return why nothing can be handed in for `node` now, "" when something can."""
    try:
        refuse_if_closed(node)
    except Refused as refused:
        return refused.told
    return ""


def at_home(node: CampaignNode) -> dict[str, Any]:
    """Return what the page on sweeping at home shows: the very command line."""
    name, release = release_name(node.campaign), node.campaign.release_file
    command = f"quetsach sweep NHAT-KY -i {name} -o KET-QUA"
    return {
        "node": node,
        "rules": rules_of(node.campaign),
        "has_list": release is not None,
        "release_name": name,
        "release_sha256": "" if release is None else release.sha256,
        "command": command,
        "signed_command": f"{command} --sign DON-VI.key.pem",
        "key_command": "quetsach indicators key DON-VI --passphrase",
    }
