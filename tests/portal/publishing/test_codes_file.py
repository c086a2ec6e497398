"""The plane hears which codes live, and of no other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.participation.actions import make_codes, replace_code
from quetsach_portal.participation.models import JoinCode
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.codes_file import CODES_FILE, write_codes_file
from quetsach_public.codes import CodeAudience, CodeUnit, read_codes
from tests.portal.working import run_ready
from tests.portal.world import make_campaign

pytestmark = pytest.mark.django_db


def test_living_codes_are_written_with_their_units_names(shown, folder) -> None:
    actor = shown.user("TC01", Role.FOCAL_POINT)
    codes = {one.kind: one for one in make_codes(shown.nodes["TC01"], actor=actor)}
    new = replace_code(codes["staff"], actor=actor)
    other = make_campaign(shown, lead="TC02")
    (foreign, *_rest) = make_codes(other.nodes.get(unit=shown.units["TC02"]), actor=actor)
    enqueue("publishing.codes", key="a")
    run_ready()
    found = read_codes(folder / CODES_FILE)
    name = shown.nodes["TC01"].name_at_freeze
    for one in (codes["staff"], new):
        assert (
            found.unit_of(one.code)
            == found.unit_of(one.short)
            == CodeUnit(name, CodeAudience.STAFF)
        )
    assert found.unit_of(codes["public"].short) == CodeUnit(name, CodeAudience.PUBLIC)
    # The page would name the wrong campaign.
    assert found.unit_of(foreign.code) is None
    assert found.runs


def test_what_says_the_same_is_left_alone_and_each_change_is_told(
    shown, folder, django_assert_max_num_queries
) -> None:
    actor, node = shown.user("TC01", Role.FOCAL_POINT), shown.nodes["TC01"]
    write_codes_file(folder)
    first = (folder / CODES_FILE).stat()
    with django_assert_max_num_queries(4):
        write_codes_file(folder)
    assert (folder / CODES_FILE).stat().st_ino == first.st_ino
    made = make_codes(node, actor=actor)[0]
    write_codes_file(folder)
    assert read_codes(folder / CODES_FILE).unit_of(made.short) is not None
    new = replace_code(made, actor=actor)
    write_codes_file(folder)
    assert read_codes(folder / CODES_FILE).unit_of(new.code) is not None
    JoinCode.objects.filter(pk=made.pk).update(ended_at=timezone.now() - timedelta(days=31))
    write_codes_file(folder)
    assert read_codes(folder / CODES_FILE).unit_of(made.short) is None
    heir = shown.nodes["TC02"]
    make_codes(heir, actor=actor)
    node.join_codes.update(ended_at=timezone.now())
    node.replaced_by.add(heir)
    write_codes_file(folder)
    found = read_codes(folder / CODES_FILE).unit_of(new.code)
    assert found is not None
    assert found.name == heir.name_at_freeze
    shown.campaign.state = CampaignState.CLOSING
    shown.campaign.save()
    write_codes_file(folder)
    assert not read_codes(folder / CODES_FILE).runs
