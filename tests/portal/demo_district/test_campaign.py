"""The demo's campaign names nobody's address and leaves some units silent."""

import csv
from urllib.parse import urlsplit

import pytest

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.demo_district.campaign import OPEN_LIST, SILENT, answer
from quetsach_portal.followup.models import DeployDeclaration, Receipt
from quetsach_portal.participation.models import JoinCounter
from quetsach_portal.people.models.roles import Role
from tests.portal.demo_district.people import people_of
from tests.portal.world import World


def test_the_open_list_holds_reserved_names_and_addresses_alone() -> None:
    rows = list(csv.DictReader(OPEN_LIST.splitlines()))
    assert {row["ioc_type"] for row in rows} == {"domain", "url", "ip"}
    for row in rows:
        host = urlsplit(row["ioc_value"]).hostname or row["ioc_value"]
        assert host.endswith(".example") or host.startswith("203.0.113.")


@pytest.mark.django_db
def test_units_answer_but_the_top_and_the_silent_ones(world: World) -> None:
    nodes = {**world.nodes, min(SILENT): world.nodes["TC02"]}
    del nodes["TC02"]
    accounts = [
        person for code in ("TC01", "TC01A") for person in people_of(world, code, Role.FOCAL_POINT)
    ]
    CampaignNode.objects.filter(parent__isnull=False).update(told_at=world.campaign.starts_at)
    answer({code: CampaignNode.objects.get(pk=node.pk) for code, node in nodes.items()}, accounts)
    received = Receipt.objects.values_list("node__unit__code", flat=True)
    assert set(received) == {"TC01", "TC01A"}
    deployed = DeployDeclaration.objects.values_list("node__unit__code", flat=True)
    assert set(deployed) <= set(received)
    assert JoinCounter.objects.filter(joined__gt=0).exists() == bool(deployed)
