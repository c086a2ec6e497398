"""Why nothing could be read in what a unit handed in."""

from collections.abc import Sequence
from dataclasses import dataclass

from quetsach_portal.files.models import FileState
from quetsach_portal.intake.models import Submission, SubmissionState
from quetsach_portal.intake.problems import ProblemView, describe_problem
from quetsach_portal.intake.queries import files_of
from quetsach_portal.intake.submission_page import standing_of

MOST = 5


@dataclass(frozen=True)
class Unreadable:
    """A hand-in of which nothing counts as looked at: its files, and what happened.

    Shapes: `files` are names, each with why that file was refused, "" where it was not.
    """

    submission: Submission
    files: Sequence[tuple[str, str]]
    problems: Sequence[ProblemView]


def why_unread(submission: Submission | None) -> Unreadable | None:
    """Return why `submission`, the newest of its unit, brought nothing; None where it waits."""
    if submission is None or standing_of(submission).page not in ("ended", "result"):
        return None
    files = files_of(submission)
    problems = [describe_problem(submission.told)] if submission.told else []
    if submission.state == SubmissionState.DONE:
        problems += [describe_problem(row) for row in submission.summary.get("problems", ())[:MOST]]
    refused = (FileState.REFUSED, FileState.QUARANTINED)
    names = [(file.name, file.told if file.state in refused else "") for file in files[:MOST]]
    return Unreadable(submission, names, problems[:MOST])
