"""The job that sweeps a submission; whatever interrupts it, it can be resumed."""

import shutil
from pathlib import Path
from typing import Any

import msgspec
from django.utils import timezone

from quetsach.api.problems import QuetsachError
from quetsach.sandbox.contract import EndedFromOutside, SandboxProgress
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.release import path_of_release, release_problem
from quetsach_portal.files.models import FileState
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake.boundary import (
    EVIDENCE,
    FINDINGS,
    PRINTS,
    SECRETS,
    PlantedDue,
    SourceDeclared,
    SweepOutcome,
    SweepTask,
    refusal,
)
from quetsach_portal.intake.folders import is_plain, lay_out, sha256_of, store_findings, work_folder
from quetsach_portal.intake.log_sources import declared_in
from quetsach_portal.intake.models import (
    ENDED,
    Submission,
    SubmissionKind,
    SubmissionState,
    TableKind,
    UnitKey,
)
from quetsach_portal.intake.prints import store_prints
from quetsach_portal.intake.queries import rules_of, tables_in_use
from quetsach_portal.intake.recording import record_outcome
from quetsach_portal.intake.sandboxed import look_through
from quetsach_portal.intake.streams import earlier_texts
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.planted.keys import contacts_of
from quetsach_portal.planted.observing import places_of

MOST_TRIES = 3
"""A process that is ended from outside this often is not started once more."""


def sweep_submission(work: RunningJob) -> None:
    """Look through the submission that the job names, and record what came out."""
    submission = Submission.objects.select_related(
        "node__campaign__release_file", "created_by"
    ).get(pk=work.payload["submission"])
    if submission.state in ENDED or submission.job_id != work.job_id:
        return
    refused = set(submission.files.values_list("state", flat=True)) - {FileState.ACCEPTED}
    if refused:
        record_outcome(work, submission.pk, SweepOutcome(), findings="", refused_files=refused)
        return
    Submission.objects.filter(pk=submission.pk).update(state=SubmissionState.SWEEPING)
    folder = work_folder(submission.pk)
    try:
        outcome = _outcome(work, submission, folder)
        kept = folder / FINDINGS
        if outcome.refused is None and not is_plain(kept):
            outcome = refusal("H203", reason="link")
        name, prints = "", ""
        if outcome.refused is None:
            name, prints = store_findings(kept, submission.pk), _stored_prints(folder, submission)
        try:
            record_outcome(work, submission.pk, outcome, findings=name, prints=prints)
        except QuetsachError as error:
            # The findings do not go with those that the unit has; nothing of it was written.
            problem = error.problem
            why = refusal(problem.code, **{key: str(fact) for key, fact in problem.facts.items()})
            record_outcome(work, submission.pk, why, findings="")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stored_prints(folder: Path, submission: Submission) -> str:
    """Return the name of the fingerprints that a sweep here made; links in them keep them out."""
    prints, secrets = folder / PRINTS, folder / SECRETS
    if not is_plain(prints) or not is_plain(secrets):
        return ""
    return store_prints(prints, secrets, submission.pk)


def _outcome(work: RunningJob, submission: Submission, folder: Path) -> SweepOutcome:
    campaign = submission.node.campaign
    if not _is_as_published(campaign):
        return refusal("H204")
    try:
        return look_through(
            task_for(submission, folder), folder, lambda progress: _report(work, progress)
        )
    except FileNotFoundError:
        return refusal("H205")
    except EndedFromOutside as ended:
        if work.attempt < MOST_TRIES:
            raise
        return refusal("H203", reason=str(ended))


def _is_as_published(campaign: Campaign) -> bool:
    place = path_of_release(campaign)
    if place is None or campaign.release_file is None or release_problem(campaign):
        return False
    return sha256_of(place) == campaign.release_file.sha256


def task_for(
    submission: Submission, folder: Path, other_list: tuple[Path, str] | None = None
) -> SweepTask:
    """Return the task, with everything that it needs laid out in `folder`.

    Shapes: `other_list` is a list to look for instead of the campaign's, with its SHA-256.
    Errors: FileNotFoundError for evidence that is gone.
    """
    campaign = submission.node.campaign
    handed_in = [(one.name, path_of(one)) for one in submission.files.order_by("created_at", "pk")]
    for _name, place in handed_in:
        place.stat()
    names = lay_out(handed_in, folder / EVIDENCE)
    is_made = submission.kind == SubmissionKind.FINDINGS
    unit_id = submission.node.unit_id
    keys = UnitKey.objects.filter(unit_id=unit_id, ended_at=None) if is_made else ()
    tables: dict[str, Any] = {} if is_made else _own_tables(unit_id, folder)
    usual = "" if campaign.release_file is None else campaign.release_file.sha256
    release, digest = other_list or (path_of_release(campaign), usual)
    return SweepTask(
        release=str(release),
        release_sha256=digest,
        language=submission.created_by.language,
        today=timezone.localdate(),
        archive=f"{EVIDENCE}/{names[0]}" if is_made else "",
        keys=tuple(one.pem for one in keys),
        unsigned_allowed=rules_of(campaign).unsigned_allowed,
        sources=() if is_made else _declared(submission, keep=other_list is None),
        earlier=() if is_made or other_list else earlier_texts(submission.node_id),
        planted=() if is_made else _planted(unit_id),
        **tables,
    )


def _declared(submission: Submission, *, keep: bool) -> tuple[SourceDeclared, ...]:
    """Return what the unit declares now, kept with the submission where `keep` says so."""
    sources = declared_in(submission.node.unit_id)
    if keep:
        declared = msgspec.to_builtins(sources)
        Submission.objects.filter(pk=submission.pk).update(declared=declared)
    return sources


def _planted(unit_id: int) -> tuple[PlantedDue, ...]:
    """Return what the unit planted until today: names, for the key itself stays here."""
    contacts = contacts_of(places_of(unit_id), timezone.localdate())
    return tuple(PlantedDue(one.place, one.day, one.name, one.address) for one in contacts)


def _own_tables(unit_id: int, folder: Path) -> dict[str, tuple[str, ...]]:
    """Return the paths of the unit's tables in `folder`: of machines and networks the newest."""
    laid: dict[str, tuple[str, ...]] = {}
    for kind in TableKind:
        files = tables_in_use(unit_id, kind)
        if kind in (TableKind.INVENTORY, TableKind.PLAN):
            files = files[:1]
        names = lay_out([(stored.name, path_of(stored)) for stored in files], folder / kind.value)
        laid[kind.value] = tuple(f"{kind.value}/{name}" for name in names)
    return laid


def _report(work: RunningJob, progress: SandboxProgress | None) -> None:
    if progress is None:
        work.renew()
    else:
        million = 1_000_000
        text = f"{progress.done // million} / {max(1, progress.total // million)} MB"
        # The last part, naming devices and writing, cannot be measured in bytes.
        done = min(progress.done, progress.total)
        work.progress(done * 95, max(1, progress.total) * 100, text)
