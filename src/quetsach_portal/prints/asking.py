"""The job that asks a campaign's list of the fingerprints of its units."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from django.utils import timezone

from quetsach.sandbox.contract import SandboxFailed
from quetsach.sandbox.run import run
from quetsach_portal.campaigns.release import path_of_release
from quetsach_portal.intake.models import Submission, SubmissionState
from quetsach_portal.intake.prints import prints_folder, secrets_folder
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.prints.models import PrintMatch, PrintQuestion
from quetsach_portal.prints.sandboxed import (
    ASK,
    LIMITS,
    MOST_SHOWN,
    DayAsked,
    PrintsAnswer,
    PrintsAsked,
    PrintsAt,
)

_UnitDays = tuple[int, date | None, date | None, bool]


def ask(work: RunningJob) -> None:
    """Ask the question that the job names, and write its answer with the job's end."""
    question = PrintQuestion.objects.select_related("campaign").get(pk=work.payload["question"])
    if question.done_at is not None:
        return
    rows = Submission.objects.filter(node__campaign=question.campaign).exclude(prints="")
    rows = rows.exclude(state=SubmissionState.WITHDRAWN)
    submissions = {row.pk: row for row in rows.select_related("node")}
    answer = _answer(work, question, submissions)
    with work.finishing():
        fresh = PrintQuestion.objects.select_for_update().get(pk=question.pk, done_at=None)
        _write(fresh, answer, submissions)


def _answer(
    work: RunningJob, question: PrintQuestion, submissions: Mapping[int, Submission]
) -> PrintsAnswer:
    release = path_of_release(question.campaign)
    file = question.campaign.release_file
    if release is None or file is None or file.sha256 != question.release_sha256:
        return PrintsAnswer(problem="release")
    places = [
        PrintsAt(
            row.pk,
            str(prints_folder(row.prints).resolve()),
            str(secrets_folder(row.prints).resolve()),
        )
        for row in submissions.values()
        if prints_folder(row.prints).is_dir()
    ]
    request = PrintsAsked(str(release.resolve()), tuple(places))
    reads = [request.release, *(path for one in places for path in (one.prints, one.secrets))]
    with TemporaryDirectory() as folder:
        try:
            answer = run(
                ASK,
                msgspec.json.encode(request),
                limits=LIMITS,
                reads=reads,
                folder=Path(folder),
                on_progress=lambda _progress: work.renew(),
            )
            return msgspec.json.decode(answer, type=PrintsAnswer)
        except SandboxFailed as failed:
            return PrintsAnswer(problem=failed.reason[:200])
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            return PrintsAnswer(problem=type(error).__name__)


def _write(
    question: PrintQuestion, answer: PrintsAnswer, submissions: Mapping[int, Submission]
) -> None:
    question.done_at, question.problem = timezone.now(), answer.problem
    question.cannot_tell, question.by_chance = answer.cannot_tell, answer.by_chance
    known = [day for day in answer.days if day.submission in submissions]
    days: dict[tuple[int, date | None, date | None], list[DayAsked]] = {}
    for day in known:
        node = submissions[day.submission].node_id
        days.setdefault((node, day.first, day.last), []).append(day)
    asked = [of_day for of_day in days.values() if not all(one.is_forgotten for one in of_day)]
    question.asked_days = len(asked)
    question.forgotten = len(days) - len(asked)
    question.incomplete = sum(not all(one.is_complete for one in of_day) for of_day in asked)
    question.save()
    hits: dict[_UnitDays, PrintMatch] = {}
    for (node_id, first, last), of_day in days.items():
        for is_exact in (True, False):
            hit = _hit(question, node_id, (first, last), of_day, is_exact=is_exact)
            if hit is not None:
                rows = [submissions[one.submission] for one in of_day]
                hit.is_destroyed = all(row.raw_destroyed_at is not None for row in rows)
                hits[node_id, first, last, is_exact] = hit
    PrintMatch.objects.bulk_create(list(hits.values()))


def _hit(
    question: PrintQuestion,
    node_id: int,
    days: tuple[date | None, date | None],
    of_day: list[DayAsked],
    *,
    is_exact: bool,
) -> PrintMatch | None:
    """Return what several submissions of a unit and day met, None where nothing."""
    names_met = [
        (one.exact, one.exact_count) if is_exact else (one.in_part, one.in_part_count)
        for one in of_day
    ]
    shown = sorted({name for names, _count in names_met for name in names})
    if not shown:
        return None
    return PrintMatch(
        question=question,
        node_id=node_id,
        first_day=days[0],
        last_day=days[1],
        indicators=shown[:MOST_SHOWN],
        count=max(len(shown), *(count for _names, count in names_met)),
        is_exact=is_exact,
    )
