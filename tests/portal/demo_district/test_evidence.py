"""The demo's first work: figures prepared by one person and published by another."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.cases.models.case import Handling
from quetsach_portal.demo_district.evidence import TEXT, begin_work, publish
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.models import PublicFigures
from tests.portal.cases.rows import make_case
from tests.portal.demo_district.people import people_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_figures_are_published_by_a_second_person(world: World) -> None:
    accounts = people_of(world, "TC", Role.LEAD_ANALYST, Role.LEAD_OWNER)
    publish(world.campaign, accounts)
    figures = PublicFigures.objects.get()
    assert (figures.state, figures.text) == ("published", TEXT)
    assert figures.prepared_by != figures.published_by
    assert Job.objects.filter(kind="dashboards.gather").exists()


def test_work_is_written_down_where_there_is_a_case(world: World) -> None:
    case = make_case(world, "TC01")
    week = timezone.now() - timedelta(days=14)
    nodes = {"TC01": world.nodes["TC01"], "TC17": world.nodes["TC02"]}
    begin_work(nodes, people_of(world, "TC01", Role.FOCAL_POINT), week)
    handling = Handling.objects.get()
    assert (handling.case, handling.kind) == (case, "reinstalled")
