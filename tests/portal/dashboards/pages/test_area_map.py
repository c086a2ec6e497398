"""The map of a unit: schematic without boundaries, true with them, both archipelagos on each."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode, NodeCounter
from quetsach_portal.dashboards.pages.ranking import ISLANDS
from quetsach_portal.people.models.roles import Role
from quetsach_portal.register.shapes import ShapeDetails, import_shapes
from quetsach_portal.units.models import UnitKind
from tests.portal.register.made_up_shapes import grid
from tests.portal.world import World, make_unit

pytestmark = pytest.mark.django_db

MOST_BYTES = 60 * 1024


def load(world: World, codes: list[str], day: date | None = None, **more: Any) -> None:
    details = ShapeDetails(day or timezone.localdate(), "Sở Nội vụ", "CV 12")
    owner = world.user("TC", Role.LEAD_OWNER)
    import_shapes(grid(codes, **more), details, world.units["TC"], actor=owner)


def page_of(world: World, client_of: Any, query: str = "") -> str:
    client: Client = client_of("TC", Role.LEAD_OWNER)
    return client.get(f"/figures/{world.campaign.pk}/map/?by=deployed{query}").content.decode()


def _outlines(page: str) -> int:
    return page.split("<main")[1].count("<path d=")


def test_without_boundaries_the_map_says_that_it_is_schematic(world: World, client_of: Any) -> None:
    page = page_of(world, client_of)
    assert "Sơ đồ." in page
    assert 'class="draw-tiles' in page
    load(world, ["TC01"], date(2099, 1, 1))
    assert "Sơ đồ." in page_of(world, client_of), "boundaries of another day are not drawn"


@pytest.mark.parametrize("kind", [UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.MINISTRY])
@pytest.mark.parametrize("is_true", [False, True])
def test_hoang_sa_and_truong_sa_are_on_every_map_from_province_up(
    world: World, client_of: Any, kind: UnitKind, is_true: bool
) -> None:
    top = world.units["TC"]
    top.kind = kind
    top.save()
    if is_true:
        load(world, ["TC01", "TC02"])
    page = page_of(world, client_of)
    for name, _full in ISLANDS.values():
        assert re.search(rf"<title>[^<]*{name}[^<]*</title>", page)
        assert f">{name}</text>" in page


def test_with_boundaries_each_unit_is_a_link_and_one_without_is_a_square(
    world: World, client_of: Any
) -> None:
    load(world, ["TC01"])
    page = page_of(world, client_of)
    assert "Sơ đồ." not in page
    assert "Sở Nội vụ (CV 12)" in page
    assert "1 đơn vị không có địa bàn" in page
    assert _outlines(page) == 1
    first = world.nodes["TC01"]
    assert f'<a href="?by=deployed&amp;under={first.pk}"><title>' in page
    leaf = world.nodes["TC02"]
    assert f'<a href="/followup/nodes/{leaf.pk}/"><title>' in page or "TC02" not in page


def test_the_table_says_the_same_as_the_map(world: World, client_of: Any) -> None:
    page = page_of(world, client_of, "&as=table")
    assert "<svg" not in page.split("<main")[1]
    assert "(2 đơn vị)" in page
    assert "Xem bản đồ" in page


def test_a_page_with_two_hundred_boundaries_stays_small(world: World, client_of: Any) -> None:
    codes = [f"X{number:03}" for number in range(200)]
    parent = world.nodes["TC"]
    for code in codes:
        unit = make_unit(
            code, world.units["TC"], UnitKind.COMMUNE, f"Ủy ban nhân dân xã {code} Dài"
        )
        node = CampaignNode.objects.create(
            campaign=world.campaign,
            unit=unit,
            parent=parent,
            path="/0/",
            depth=1,
            name_at_freeze=unit.name,
        )
        node.path = f"{parent.path}{node.pk}/"
        node.save()
        NodeCounter.objects.create(node=node, units=3, deployed=int(code[1:]) % 4)
    load(world, codes, columns=20, corners=400)
    page = page_of(world, client_of)
    assert _outlines(page) == 200
    assert len(page.encode()) <= MOST_BYTES
    assert "Xem dạng bảng" in page
