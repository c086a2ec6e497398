"""The database keeps versions of reports as they were submitted."""

import pytest
from django.db import DatabaseError, transaction

from quetsach.api.reports import GradedCount
from quetsach_portal.reports.models.report import (
    ReportFigure,
    ReportVersion,
)
from tests.portal.reports.acting import (
    submitted,
    total,
)
from tests.portal.world import World


@pytest.mark.parametrize(
    "change",
    [
        lambda one: ReportVersion.objects.filter(pk=one.pk).update(payload="{}"),
        lambda one: ReportVersion.objects.filter(pk=one.pk).update(kind="nil"),
        lambda one: ReportFigure.objects.filter(version=one).update(total=9),
        lambda one: one.events.update(state="signed"),
        lambda one: ReportFigure.objects.filter(version=one).delete(),
    ],
)
def test_the_database_refuses_to_change_a_version(world: World, change) -> None:
    version = submitted(world, "TC01A")
    with pytest.raises(DatabaseError), transaction.atomic():
        change(version)
    assert total(version) == GradedCount(5, grade=None).number
