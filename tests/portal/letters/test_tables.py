"""The long tables of letters: found by the number as written; overdue without a report."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.letters.queries import letters_in
from quetsach_portal.letters.tables import LETTERS, numbered
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(world: World) -> Letter:
    return Letter.objects.create(
        campaign=world.campaign,
        node=world.nodes["TC"],
        issuer_name="Ủy ban nhân dân huyện Trà Cú",
        subject="Về việc triển khai",
        state=LetterState.RELEASED,
        number=1245,
        code="UBND-TH",
        signed_on=timezone.localdate(),
        deadline=timezone.localdate(),
        made_by=world.user("TC", Role.COMPILER),
    )


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("1245", True),
        ("01245/ubnd", True),
        ("1245 / UBND-TH", True),
        ("1245/XYZ", False),
        ("245", False),
        ("UBND-TH", False),
        ("٣", False),
    ],
)
def test_a_letter_is_found_by_its_number(letter: Letter, words: str, is_found: bool) -> None:
    assert Letter.objects.filter(numbered(words)).exists() == is_found


def test_a_letter_is_overdue_from_its_day_on_while_the_own_report_is_missing(
    world: World, letter: Letter
) -> None:
    scope = scope_of(world.user("TC", Role.COMPILER))
    now = timezone.now()

    def overdue() -> list[Letter]:
        assert LETTERS.late is not None
        return list(letters_in(scope, box="", campaign_id=None, state="").filter(LETTERS.late()))

    slots = ExpectedReport.objects.filter(node=world.nodes["TC"])
    slots.update(due_at=now - timedelta(hours=1))
    assert overdue() == [letter], "“before today” has passed today"
    Letter.objects.update(deadline=timezone.localdate() + timedelta(days=1))
    assert overdue() == []
    Letter.objects.update(deadline=timezone.localdate())
    slots.update(reported_at=now)
    assert overdue() == []
