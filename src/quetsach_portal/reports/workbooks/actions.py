"""Take a filled workbook over into the draft, after its differences were looked at."""

from collections.abc import Collection
from dataclasses import asdict

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import Slot
from quetsach_portal.people.models import User
from quetsach_portal.reports.actions import writing
from quetsach_portal.reports.actions.locking import noted
from quetsach_portal.reports.answers import Answer
from quetsach_portal.reports.models import ReportDraft
from quetsach_portal.web.problems import Refused

_SALT = "reports.workbooks.looked-at"
_MOST_AGE_S = 12 * 3600


def looked_at(slot: Slot, answers: dict[str, Answer]) -> str:
    """Return what the page of differences carries: the answers, and of which draft it spoke."""
    draft = ReportDraft.objects.filter(slot=slot).first()
    said = {
        "slot": slot.pk,
        "revision": 0 if draft is None else draft.revision,
        "answers": {key: asdict(one) for key, one in answers.items()},
    }
    return signing.dumps(said, salt=_SALT, compress=True)


def take_over(
    slot: Slot, carried: str, *, actor: User, only: Collection[str] | None = None
) -> ReportDraft:
    """Return the draft with the answers that the page of differences showed.

    With `only`, those alone that were chosen there.
    Errors: Refused for a page of another report or an old one; StaleError as `writing.save`.
    """
    try:
        said = signing.loads(carried, salt=_SALT, max_age=_MOST_AGE_S)
    except signing.BadSignature:
        said = {}
    if said.get("slot") != slot.pk:
        raise Refused(_("Look at the differences first: give the workbook again."))
    answers = {
        key: _answer(one) for key, one in said["answers"].items() if only is None or key in only
    }
    with transaction.atomic():
        writing.open_draft(slot, actor=actor)
        # Without a draft at that time, one that somebody has written in since is not written over.
        revision = said["revision"] or 1
        saved = writing.save(slot, answers, revision=revision, actor=actor)
        noted("report.workbook_taken", saved, slot.node, actor, fields=len(answers))
    return saved


def _answer(said: dict[str, object]) -> Answer:
    picked, rows = said.pop("picked", ()), said.pop("rows", ())
    return Answer(
        picked=tuple(picked),  # type: ignore[arg-type]  # as `looked_at` wrote and signed it
        rows=tuple(map(tuple, rows)),  # type: ignore[call-overload]
        **said,  # type: ignore[arg-type]
    )
