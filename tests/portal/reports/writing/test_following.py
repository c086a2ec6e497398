"""Answers taken from the records follow them; typed ones stay."""

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.reports.models.report import ReportDraft, ReportVersion
from tests.portal.reports.acting import slot_of
from tests.portal.worklist.commune import CODE, heading, looked_at_all, received, send
from tests.portal.worklist.conftest import clerk as clerk
from tests.portal.worklist.conftest import due_at_midnight as due_at_midnight
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_figure_follows_the_records_and_a_typed_one_stays(world: World, clerk: Client) -> None:
    looked_at_all(world)
    received(world)
    send(clerk, world, **{"v-people_took_part": "", "v-organisations_informed": ""})
    draft = ReportDraft.objects.get(slot=slot_of(world, CODE))
    assert draft.own["organisations_informed"]["value"]["count"] == 1
    node = world.nodes[CODE]
    node.deployed_at = timezone.now()
    node.save()
    assert heading(send(clerk, world)) == "Đã gửi báo cáo"
    figures = {row.key: row.total for row in ReportVersion.objects.get().figures.all()}
    assert figures["organisations_deployed"] == 1, "declared after the draft was opened"
    assert figures["people_took_part"] == 7
