"""What the database itself refuses of the public page."""

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.models import (
    ChangeState,
    FiguresState,
    PageChange,
    PublicFigures,
    PublicTool,
    ToolState,
)
from tests.portal.access.publishing import TOOL

pytestmark = pytest.mark.django_db


def refused(rows, **changed) -> bool:
    """Return whether the database refuses to change `rows` so."""
    try:
        with transaction.atomic():
            rows.update(**changed)
    except IntegrityError:
        return True
    return False


def test_a_change_of_the_page_is_agreed_to_by_another_person(shown, owner) -> None:
    page = shown.campaign.public_page
    change = PageChange.objects.create(page=page, says={}, proposed_by=owner)
    rows = PageChange.objects.filter(pk=change.pk)
    other = shown.user("TC", Role.LEAD_ANALYST)
    assert refused(rows, state=ChangeState.AGREED)
    assert refused(rows, state=ChangeState.AGREED, decided_by=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        PageChange.objects.create(page=page, says={}, proposed_by=other)
    assert not refused(rows, state=ChangeState.AGREED, decided_by=other)


def test_a_tool_is_published_by_another_person_and_its_file_once(world, owner) -> None:
    other = world.user("TC", Role.LEAD_ANALYST)
    first, second = (
        PublicTool.objects.create(campaign=world.campaign, drafted_by=owner, **TOOL)
        for _number in range(2)
    )
    published = {"state": ToolState.PUBLISHED, "published_by": other}
    rows = PublicTool.objects.filter(pk=first.pk)
    assert refused(rows, **{**published, "published_by": owner})
    assert not refused(rows, **published)
    assert refused(PublicTool.objects.filter(pk=second.pk), **published)


def test_one_publication_of_figures_a_day_and_one_that_waits(world, owner) -> None:
    fields = {"campaign": world.campaign, "content": {}, "kept": {}, "prepared_by": owner}
    first = PublicFigures.objects.create(day="2026-11-02", **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicFigures.objects.create(day="2026-11-03", **fields)
    PublicFigures.objects.filter(pk=first.pk).update(state=FiguresState.PUBLISHED)
    second = PublicFigures.objects.create(day="2026-11-02", **fields)
    rows = PublicFigures.objects.filter(pk=second.pk)
    assert refused(rows, state=FiguresState.PUBLISHED)
    assert not refused(rows, state=FiguresState.PUBLISHED, day="2026-11-03")
