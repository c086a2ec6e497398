"""Record the result of a submission: once, completely, and with the end of its job."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from django.utils import timezone

from quetsach_portal.cases.attaching import attach
from quetsach_portal.files.models import FileState
from quetsach_portal.intake.actions import audit
from quetsach_portal.intake.boundary import SweepOutcome
from quetsach_portal.intake.coverage import add_days
from quetsach_portal.intake.folders import findings_folder
from quetsach_portal.intake.looked import keep_looks
from quetsach_portal.intake.models import (
    ENDED,
    Submission,
    SubmissionKind,
    SubmissionState,
    Trust,
)
from quetsach_portal.intake.problems import without_folder
from quetsach_portal.intake.queries import rules_of
from quetsach_portal.intake.streams import keep_streams
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.planted.observing import SweptName, take_swept
from quetsach_portal.ranges.asking import search_again

_NOT_OF_THE_FILES = frozenset({"H110", "H201", "H202", "H203", "H204", "H205"})
"""What is not the fault of what was handed in, and may go better another time."""


def record_outcome(
    work: RunningJob,
    submission_id: int,
    outcome: SweepOutcome,
    *,
    findings: str,
    prints: str = "",
    refused_files: Collection[str] = (),
) -> None:
    """Record `outcome`, whose findings are kept as `findings`, and end the job.

    Its fingerprints are kept as `prints`.

    `refused_files` are the states of files that were not taken; then nothing was looked through.

    Errors: LeaseLost, with nothing written, when another worker has the job.
    """
    with work.finishing():
        submission = (
            Submission.objects.select_for_update(of=("self",))
            .select_related("node__campaign__release_file", "node__unit", "created_by")
            .get(pk=submission_id)
        )
        if submission.state in ENDED:
            return
        submission.state = _state(submission, outcome, refused_files)
        submission.finished_at = timezone.now()
        _fill(submission, outcome, findings)
        submission.prints = prints
        submission.save()
        _audit(submission)
        if submission.state == SubmissionState.DONE:
            add_days(submission.node, outcome.days, keep_streams(submission))
            _keep_planted(submission, outcome)
            keep_looks(submission, outcome.looks)
            _open_cases(submission, outcome.last)
            if submission.kind != SubmissionKind.FINDINGS:
                search_again(submission.node)


def _keep_planted(submission: Submission, outcome: SweepOutcome) -> None:
    if outcome.planted or outcome.subnets:
        names = [
            SweptName(
                int(one.place), one.day, one.seen, one.noted, one.at, without_folder(one.path)
            )
            for one in outcome.planted
            if one.place.isdecimal()
        ]
        take_swept(submission.node, names, outcome.subnets, timezone.now())


def _state(
    submission: Submission, outcome: SweepOutcome, refused_files: Collection[str]
) -> SubmissionState:
    if FileState.QUARANTINED in refused_files:
        return SubmissionState.QUARANTINED
    if refused_files:
        return SubmissionState.REFUSED
    if outcome.refused is None:
        return SubmissionState.DONE
    if submission.kind == SubmissionKind.FINDINGS and outcome.refused.code not in _NOT_OF_THE_FILES:
        return SubmissionState.REFUSED
    return SubmissionState.FAILED


def _fill(submission: Submission, outcome: SweepOutcome, findings: str) -> None:
    submission.told = {} if outcome.refused is None else msgspec.to_builtins(outcome.refused)
    elsewhere: dict[str, Any] = {"days": (), "planted": (), "subnets": {}, "looks": ()}
    summary = msgspec.structs.replace(outcome, refused=None, **elsewhere)
    submission.summary = msgspec.to_builtins(summary) | {"days": _calendar(outcome)}
    submission.findings = findings
    submission.manifest_digest = outcome.manifest_digest
    submission.release_sha256 = _release(submission)
    submission.is_campaigns_list = not outcome.lists or _is_campaigns_list(submission, outcome)
    submission.trust = Trust(outcome.trust)
    submission.lines, submission.sightings = outcome.lines, outcome.sightings
    submission.sources, submission.devices = outcome.source_count, outcome.device_count
    submission.problems = outcome.problem_count + (1 if outcome.rejects else 0)
    days = sorted({seen.day for seen in outcome.days if seen.lines})
    submission.days = len(days)
    submission.first_day, submission.last_day = (days[0], days[-1]) if days else (None, None)


def _release(submission: Submission) -> str:
    file = submission.node.campaign.release_file
    return "" if file is None else file.sha256


def _is_campaigns_list(submission: Submission, outcome: SweepOutcome) -> bool:
    # A copy without its signatures is the same list: its digest is then that of the release.
    return len(outcome.lists) == 1 and outcome.lists[0] in (
        _release(submission),
        submission.node.campaign.release_sha256,
    )


def _calendar(outcome: SweepOutcome) -> dict[str, dict[str, int]]:
    """Return by day the number of lines, each file once, and of machines seen."""
    by_source: dict[tuple[str, str], tuple[int, int]] = {}
    for seen in outcome.days:
        by_source[seen.day.isoformat(), seen.digests[0]] = (seen.lines, seen.alive)
    days: dict[str, dict[str, int]] = {}
    for (day, _source), (lines, alive) in sorted(by_source.items()):
        sums = days.setdefault(day, {"lines": 0, "alive": 0})
        sums["lines"] += lines
        sums["alive"] = max(sums["alive"], alive)
    return days


def _audit(submission: Submission) -> None:
    detail: dict[str, Any] = {
        "state": submission.state,
        "kind": submission.kind,
        "code": submission.told.get("code"),
    }
    if submission.state == SubmissionState.DONE:
        detail |= {
            "findings": submission.manifest_digest,
            "release": submission.release_sha256,
            "lines": submission.lines,
            "devices": submission.devices,
            "trust": submission.trust,
        }
    audit("evidence.swept", submission, None, detail)


def proves_silence(submission: Submission) -> bool:
    """True where these findings may count as days without a contact.

    Those that we made ourselves with the campaign's list do; those that were made elsewhere only
    with that very list, and signed by a key of the unit unless the lead office trusts without.
    """
    if submission.kind != SubmissionKind.FINDINGS:
        return True
    is_vouched_for = (
        submission.trust == Trust.SIGNED or rules_of(submission.node.campaign).unsigned_proves
    )
    return submission.is_campaigns_list and is_vouched_for


def _open_cases(submission: Submission, evidence_until: datetime | None) -> None:
    attach(
        campaign=submission.node.campaign,
        node=submission.node,
        folder=findings_folder(submission.findings),
        source=f"submission:{submission.pk}",
        actor=submission.created_by,
        # A clock that runs ahead must not prove days that have not been.
        evidence_until=None if evidence_until is None else min(evidence_until, timezone.now()),
        proves_silence=proves_silence(submission),
    )
