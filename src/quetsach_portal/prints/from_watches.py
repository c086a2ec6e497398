"""Watches answer a list from the fingerprints that stay with them: days and indicators alone."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.intake.boundary import clean
from quetsach_portal.prints.models import PrintMatch, PrintQuestion
from quetsach_portal.prints.sandboxed import MOST_SHOWN

OPEN_DAYS = 30
"""So long a list that was asked is asked of watches, too."""

MOST_QUESTIONS = 3
MOST_HITS = 400
MOST_MATCHES = 20_000
"""So many days of a unit are kept for a question; what goes beyond is counted."""

ANSWERED = "fingerprints.answered"
MOST_NUMBER = 2**31 - 1


def open_questions(node: CampaignNode) -> list[str]:
    """Return what a watch of `node` is asked: `NUMBER:SHA-256` of the list in force, newest first.

    Only a list that was checked and asked here is asked there.
    """
    file = node.campaign.release_file
    if file is None:
        return []
    since = timezone.now() - timedelta(days=OPEN_DAYS)
    rows = PrintQuestion.objects.filter(
        campaign=node.campaign, release_sha256=file.sha256, asked_at__gte=since
    ).exclude(done_at=None)
    return [
        f"{question.pk}:{question.release_sha256}"
        for question in rows.order_by("-pk")[:MOST_QUESTIONS]
    ]


def take_answers(node: CampaignNode, watch: UUID, answers: Iterable[Mapping[str, Any]]) -> int:
    """Keep what a watch of `node` answered, and return how many days are new.

    An answer to what was not asked is passed over. The same answer again adds nothing. Audited is
    a watch's first answer, and one that has new days or is the first to go beyond the bound.
    """
    now_open = set(open_questions(node))
    return sum(
        _take(node, watch, answer, str(answer.get("question")))
        for answer in list(answers)[:MOST_QUESTIONS]
        if answer.get("question") in now_open
    )


def _take(node: CampaignNode, watch: UUID, answer: Mapping[str, Any], question: str) -> int:
    with transaction.atomic():
        asked_question = PrintQuestion.objects.select_for_update().get(
            pk=int(question.partition(":")[0])
        )
        fresh = beyond = 0
        room = MOST_MATCHES - asked_question.hits.filter(node=node).count()
        for hit in (answer.get("hits") or ())[:MOST_HITS]:
            names = [clean(name) for name in hit["indicators"][:MOST_SHOWN] if name]
            first, last = _days(hit)
            day = {"first_day": first, "last_day": last, "is_exact": bool(hit["is_exact"])}
            count = max(len(names), _count(hit, "count"))
            match = asked_question.hits.filter(node=node, **day).order_by("pk").first()
            if match is not None:
                _add(match, names, count)
            elif fresh >= room:
                beyond += 1
            else:
                PrintMatch.objects.create(
                    question=asked_question,
                    node=node,
                    **day,
                    indicators=sorted(set(names)),
                    count=count,
                    # What a watch read was never here.
                    is_destroyed=True,
                )
                fresh += 1
        facts = {name: _count(answer, name) for name in _COUNTED}
        facts["hits_left_out"] = min(facts["hits_left_out"] + beyond, MOST_NUMBER)
        _audit(node, watch, asked_question, {"days": fresh, **facts})
    return fresh


_COUNTED = ("asked_days", "incomplete", "forgotten", "cannot_tell", "hits_left_out")


def _audit(
    node: CampaignNode, watch: UUID, question: PrintQuestion, facts: Mapping[str, int]
) -> None:
    """Record an answer that says something new, so that a watch cannot fill the trail."""
    detail = {"node": node.pk, "watch": str(watch), "question": question.pk}
    earlier = AuditEvent.objects.filter(
        action=ANSWERED,
        object_kind="campaign",
        object_id=str(node.campaign_id),
        **{f"detail__{name}": value for name, value in detail.items()},
    )
    if facts["hits_left_out"]:
        earlier = earlier.filter(detail__hits_left_out__gt=0)
    if facts["days"] or not earlier.exists():
        record(
            ANSWERED,
            actor=None,
            kind="campaign",
            object_id=node.campaign_id,
            detail={**detail, **facts},
            unit_path=node.unit.path,
        )


def _add(match: PrintMatch, names: Iterable[str], count: int) -> None:
    """Add what another watch of the node, or another version of an answer, met on those days.

    What both met is known of the first names alone: `count` is what it is at least.
    """
    met = sorted({*match.indicators, *names})
    match.indicators = met[:MOST_SHOWN]
    match.count = max(match.count, len(met), count)
    match.save(update_fields=["indicators", "count"])


def _days(hit: Mapping[str, Any]) -> tuple[date | None, date | None]:
    first, last = hit.get("first"), hit.get("last")
    return (None, None) if first is None or last is None else (min(first, last), max(first, last))


def _count(facts: Mapping[str, Any], name: str) -> int:
    return min(max(int(facts.get(name) or 0), 0), MOST_NUMBER)
