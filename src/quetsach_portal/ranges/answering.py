"""What a unit answers about a notice: by its logs, signed in, or by the link of its alert."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.cases.models.case import Case
from quetsach_portal.cases.models.notice import NoticeBatch, NoticeItem, NoticeOutcome
from quetsach_portal.mail.message import one_line
from quetsach_portal.people.models.account import User
from quetsach_portal.ranges.asking import refresh_alert, refresh_lead_alert
from quetsach_portal.ranges.models import (
    AllottedNotice,
    AllottedState,
    Forwarding,
    NoticeQuestion,
    UnitAnswer,
)
from quetsach_portal.web.acts import Refused
from quetsach_public.limits import PaceLimits

GIVEN = (UnitAnswer.FOUND, UnitAnswer.NOT_OURS, UnitAnswer.CANNOT_TELL)
"""What a person may answer."""

ANSWERS_AN_HOUR = 600

_of_link = PaceLimits(ANSWERS_AN_HOUR / 3600, ANSWERS_AN_HOUR)


def shared_numbers(part: NoticeBatch) -> frozenset[int]:
    """Return the items of a unit's part that other units are asked about as well."""
    rows = AllottedNotice.objects.filter(questions__forwarding__part=part, outcome="shared")
    return frozenset(rows.values_list("number", flat=True))


def asked_addresses(part: NoticeBatch) -> tuple[str, ...]:
    """Return the public addresses that a unit is asked about: they are its own, by the ranges."""
    rows = AllottedNotice.objects.filter(questions__forwarding__part=part)
    return tuple(sorted(set(rows.values_list("address", flat=True))))


def take_trace(part: NoticeBatch) -> None:
    """Answer for the unit what its logs have answered. The caller holds the transaction.

    A machine that the logs name is an answer; that they name none is not: then the unit is asked.
    """
    forwarding = _locked(part)
    if forwarding is None:
        return
    case_ids = dict(
        NoticeItem.objects.filter(
            batch=part, outcome=NoticeOutcome.DEVICE, case__isnull=False
        ).values_list("number", "case_id")
    )
    questions = list(
        NoticeQuestion.objects.select_related("notice__batch__node").filter(forwarding=forwarding)
    )
    for question in questions:
        case_id = case_ids.get(question.notice.number)
        # Who has the link may say anything; what the logs show counts more.
        is_by_link = question.answer in GIVEN and question.answered_by_id is None
        is_open = question.answer in ("", UnitAnswer.FOUND) or is_by_link
        if case_id is not None and is_open:
            question.answer, question.by_trace = UnitAnswer.FOUND, True
            question.case_id, question.answered_at = case_id, timezone.now()
        elif case_id is None and question.by_trace:
            # With other logs it is not sure any more.
            question.answer, question.by_trace = "", False
            question.case_id, question.answered_at = None, None
    NoticeQuestion.objects.bulk_update(
        questions, ["answer", "by_trace", "case", "answered_at"], batch_size=500
    )
    settle([question.notice for question in questions])
    refresh_alert(forwarding)


def take_failure(part: NoticeBatch) -> None:
    """Ask the unit although its logs could not be searched. The caller holds the transaction."""
    forwarding = _locked(part)
    if forwarding is not None:
        refresh_alert(forwarding)


def _locked(part: NoticeBatch) -> Forwarding | None:
    rows = Forwarding.objects.select_for_update(of=("self",))
    return rows.select_related("node__campaign", "node__unit").filter(part=part).first()


def settle(notices: Iterable[AllottedNotice]) -> None:
    """Write the state of each notice from its answers. The caller holds the transaction.

    The first that proves the machine, by its logs or a case, takes the notice; the others need not
    look further. Words alone, of whoever has a link, end nobody's search.
    """
    touched: dict[int, Forwarding] = {}
    notices = list(notices)
    questions = NoticeQuestion.objects.filter(notice__in=notices)
    by_notice: dict[int, list[NoticeQuestion]] = {notice.pk: [] for notice in notices}
    for question in questions.select_related(
        "forwarding__node__campaign", "forwarding__node__unit"
    ):
        by_notice[question.notice_id].append(question)
    for notice in notices:
        if by_notice[notice.pk]:
            for question in _take_over(by_notice[notice.pk]):
                touched[question.forwarding_id] = question.forwarding
            notice.state = _state_of(by_notice[notice.pk])
    AllottedNotice.objects.bulk_update(notices, ["state"], batch_size=500)
    for forwarding in touched.values():
        refresh_alert(forwarding)
    for batch in {notice.batch_id: notice.batch for notice in notices}.values():
        refresh_lead_alert(batch)


def _take_over(questions: Sequence[NoticeQuestion]) -> list[NoticeQuestion]:
    """Close what another unit has found, or open it again; return what was changed."""
    is_found = any(
        question.answer == UnitAnswer.FOUND and (question.by_trace or question.case_id is not None)
        for question in questions
    )
    before, after = ("", UnitAnswer.TAKEN) if is_found else (UnitAnswer.TAKEN, "")
    changed = [question for question in questions if question.answer == before]
    for question in changed:
        question.answer = after
        question.answered_at = timezone.now() if after else None
        question.save(update_fields=["answer", "answered_at"])
    return changed


def _state_of(asked: Sequence[NoticeQuestion]) -> AllottedState:
    answers = {question.answer for question in asked}
    if UnitAnswer.FOUND in answers:
        return AllottedState.FOUND
    if "" in answers:
        return AllottedState.OPEN
    only_denied = answers == {UnitAnswer.NOT_OURS}
    return AllottedState.UNDECIDED if only_denied else AllottedState.CANNOT_TELL


def answer_by_link(
    forwarding: Forwarding, question_ids: Sequence[int], answer: str, looked_at: str
) -> int:
    """Write down what whoever has the link of a unit says; returns about how many notices.

    Errors: Refused as `give_answer`, and for too many answers in a short time.
    """
    if not _of_link.within(forwarding.pk):
        raise Refused(_("Too many answers in a short time. Try again in an hour."))
    return give_answer(forwarding, question_ids, answer, looked_at, actor=None)


def give_answer(
    forwarding: Forwarding,
    question_ids: Sequence[int],
    answer: str,
    looked_at: str,
    *,
    actor: User | None,
    case_number: str = "",
) -> int:
    """Write down what a unit says about some of its notices; returns about how many.

    Errors: Refused for what is no answer, one without what was looked at, a case that is not the
    unit's, and notices that were answered.
    """
    looked_at = one_line(looked_at)[:500]
    if answer not in GIVEN:
        raise Refused(_("Choose one of the answers."), field="answer")
    if not looked_at and not case_number:
        raise Refused(_("Write what you looked at, or which machine it is."), field="looked_at")
    with transaction.atomic():
        rows = NoticeQuestion.objects.select_for_update(of=("self",)).select_related(
            "notice__batch__node"
        )
        questions = list(rows.filter(forwarding=forwarding, pk__in=question_ids, answer=""))
        if not questions:
            raise Refused(_("This was answered already."))
        case = _case_of(forwarding, case_number) if answer == UnitAnswer.FOUND else None
        for question in questions:
            question.answer, question.looked_at = answer, looked_at
            question.case, question.answered_by = case, actor
            question.answered_at = timezone.now()
        NoticeQuestion.objects.bulk_update(
            questions, ["answer", "looked_at", "case", "answered_by", "answered_at"]
        )
        settle([question.notice for question in questions])
        refresh_alert(forwarding)
        record(
            "notices.answered",
            actor=actor,
            kind="notices",
            object_id=forwarding.part_id,
            unit_path=forwarding.node.unit.path,
            detail={"answer": answer, "items": len(questions), "by_link": actor is None},
        )
    return len(questions)


def _case_of(forwarding: Forwarding, number: str) -> Case | None:
    if not number:
        return None
    for case in Case.objects.filter(node=forwarding.node, closed_at__isnull=True):
        if case.number.casefold() == number.strip().casefold():
            return case
    raise Refused(_("The unit has no open case with this number."), field="case_number")
