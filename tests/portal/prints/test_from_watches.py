"""A watch is asked the list that was asked here, and what it answers is kept once and audited."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.people.models.roles import Role
from quetsach_portal.prints import from_watches
from quetsach_portal.prints.actions import ask_list
from quetsach_portal.prints.from_watches import open_questions, take_answers
from quetsach_portal.prints.models import PrintMatch, PrintQuestion
from quetsach_portal.prints.sandboxed import MOST_SHOWN
from tests.portal.intake.handing_in import publish
from tests.portal.world import World

pytestmark = pytest.mark.django_db
WATCH = UUID("5f7ad3c4-2f7b-4e51-9a47-0d6c1a6f0001")


def _asked(world: World) -> tuple[CampaignNode, str]:
    campaign = publish(world, "bad.example\n")
    question = ask_list(campaign, actor=world.user("TC", Role.LEAD_OWNER))
    node = CampaignNode.objects.filter(campaign=campaign).order_by("pk").last()
    assert node is not None
    assert open_questions(node) == [], "it is being asked here"
    PrintQuestion.objects.filter(pk=question.pk).update(done_at=timezone.now())
    return node, f"{question.pk}:{question.release_sha256}"


def _answer(question: str, **more: object) -> dict[str, object]:
    day = timezone.localdate()
    hit = {"first": day, "last": day, "is_exact": True, "count": 1, "indicators": ["bad.example"]}
    return {"question": question, "asked_days": 3, "hits": [hit]} | more


def test_an_answer_is_kept_once_and_audited(world: World) -> None:
    node, question = _asked(world)
    assert open_questions(node) == [question]
    assert [take_answers(node, WATCH, [_answer(question)]) for _ in range(2)] == [1, 0]
    match = PrintMatch.objects.get()
    assert (match.node_id, match.indicators, match.count) == (node.pk, ["bad.example"], 1)
    assert match.is_destroyed
    event = AuditEvent.objects.filter(action="fingerprints.answered").earliest("seq")
    assert (event.detail["asked_days"], event.detail["days"]) == (3, 1)
    assert event.detail["watch"] == str(WATCH)


def test_a_second_watch_adds_what_it_met_on_the_same_day(world: World) -> None:
    node, question = _asked(world)
    day = timezone.localdate()
    hit = {"first": day, "last": day, "is_exact": True}
    other = UUID("5f7ad3c4-2f7b-4e51-9a47-0d6c1a6f0002")
    of_other = [hit | {"count": 1, "indicators": ["also.example"]}]
    take_answers(node, WATCH, [_answer(question)])
    assert take_answers(node, other, [_answer(question, hits=of_other)]) == 0
    match = PrintMatch.objects.get()
    assert (match.indicators, match.count) == (["also.example", "bad.example"], 2)
    many = [hit | {"count": 40, "indicators": [f"a{place}.example" for place in range(MOST_SHOWN)]}]
    for _again in range(2):
        take_answers(node, other, [_answer(question, hits=many)])
    match.refresh_from_db()
    assert (len(match.indicators), match.count) == (MOST_SHOWN, 40)


def test_only_what_is_new_is_audited(world: World) -> None:
    node, question = _asked(world)
    other = UUID("5f7ad3c4-2f7b-4e51-9a47-0d6c1a6f0002")
    for watch in (WATCH, WATCH, other, other, WATCH):
        take_answers(node, watch, [_answer(question)])
    events = AuditEvent.objects.filter(action="fingerprints.answered").order_by("seq")
    assert [(event.detail["watch"], event.detail["days"]) for event in events] == [
        (str(WATCH), 1),
        (str(other), 0),
    ]


def test_what_goes_beyond_the_bound_is_counted_once_and_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(from_watches, "MOST_MATCHES", 2)
    node, question = _asked(world)
    hits = _answer(question)["hits"]
    days = [timezone.localdate() - timedelta(days=gone) for gone in range(5)]
    many = [hit | {"first": day, "last": day} for day in days for hit in hits]
    taken = [
        take_answers(node, WATCH, [_answer(question, hits=some)])
        for some in (many[:2], many[:2], many[1:], many)
    ]
    assert taken == [2, 0, 0, 0]
    assert PrintMatch.objects.count() == 2
    events = AuditEvent.objects.filter(action="fingerprints.answered").order_by("seq")
    assert [event.detail["hits_left_out"] for event in events] == [0, 3]


def test_a_zero_says_how_many_days_were_looked_at(world: World) -> None:
    node, question = _asked(world)
    assert (
        take_answers(node, WATCH, [_answer(question, hits=[], asked_days=-7, forgotten=2**70)]) == 0
    )
    detail = AuditEvent.objects.get(action="fingerprints.answered").detail
    assert (detail["asked_days"], detail["forgotten"], detail["days"]) == (0, 2**31 - 1, 0)


def test_what_was_not_asked_is_passed_over(world: World) -> None:
    node, question = _asked(world)
    others = [_answer(text) for text in ("", "1", "x:y", question + "0", f"9{question}")]
    assert take_answers(node, WATCH, others) == 0
    PrintQuestion.objects.update(asked_at=timezone.now() - timedelta(days=31))
    assert open_questions(node) == []
    assert take_answers(node, WATCH, [_answer(question)]) == 0
    assert not PrintMatch.objects.exists()
    assert not AuditEvent.objects.filter(action="fingerprints.answered").exists()
