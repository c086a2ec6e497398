"""P2: after the archiving no machine is named any more; states and counts stay."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import serializers
from django.db import transaction

from quetsach_portal.campaigns.models.campaign import CampaignState, NodeCounter
from quetsach_portal.cases.attaching import AttachResult, folders_of
from quetsach_portal.cases.models import case
from quetsach_portal.cases.models.coverage import CoveredDay
from quetsach_portal.cases.models.notice import NoticeItem
from quetsach_portal.cases.models.request import AddressRequest, AskedAddress
from quetsach_portal.cases.retention import purge
from quetsach_portal.jobs.queue import enqueue
from tests.portal.cases import rows
from tests.portal.cases.sweeps import BAD, findings_of
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db

TABLES = (
    case.Device,
    case.Case,
    case.CaseEvent,
    case.Sighting,
    CoveredDay,
    case.CaseContact,
    case.Handling,
    NoticeItem,
    AddressRequest,
    AskedAddress,
)


def test_P2_archived_no_machine_is_named_and_the_sums_stay(
    world: World, take_in: Callable[..., AttachResult], tmp_path: Path
) -> None:
    take_in(findings_of(tmp_path, days=[20], contacts=[(20, "10.1.1.11", BAD)]))
    rows.make_batch(world, "TC02")
    rows.make_request(world, "TC02")
    assert world.campaign is not None
    kept = folders_of(world.nodes["TC01"].pk)
    states = sorted(case.Case.objects.values_list("pk", "state", "outcome"))
    tally = NodeCounter.objects.filter(node=world.nodes["TC"]).values().get()
    with transaction.atomic():
        removed = purge(world.campaign)
        world.campaign.state = CampaignState.ARCHIVED
        world.campaign.save()
    assert (removed["address_requests"], removed["asked_addresses"]) == (1, 2)
    assert removed["devices"] == 2
    assert removed["sightings"] == 2
    enqueue("cases.ask_for_all", key="cases.ask_for_all:x")
    run_ready()
    text = "".join(serializers.serialize("json", table.objects.all()) for table in TABLES)
    for secret in (
        "10.1.1.11",
        "192.0.2.11",
        "bí mật",
        "198.51.100.7",
        "203.0.113.5",
        "PC-VP-41",
        "PA05",
    ):
        assert secret not in text.encode().decode("unicode_escape")
        assert secret not in text
    assert sorted(case.Case.objects.values_list("pk", "state", "outcome")) == states
    assert NodeCounter.objects.filter(node=world.nodes["TC"]).values().get() == tally
    assert not any(one.exists() for one in kept)
