"""Fixtures: the demo district swept once, and findings taken in for a commune of the world."""

from collections.abc import Callable
from pathlib import Path

import pytest

from quetsach.api import inventory, sweeps
from quetsach.demo.district import build_district
from quetsach_portal.cases.attaching import AttachResult, attach
from quetsach_portal.cases.models.case import Case
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo district: its evidence, lists and notices."""
    place = tmp_path_factory.mktemp("district")
    build_district(place / "d", 2022, "small", None)
    return place / "d"


@pytest.fixture(scope="session")
def district_findings(district: Path) -> Path:
    """The findings of the demo district."""
    out = district.parent / "findings"
    request = sweeps.sweep_request(
        evidence=[str(district / "evidence")],
        lists=[district / "indicators"],
        allow=[district / "allow" / "resolver.txt"],
        out=out,
        own=inventory.OwnTables(
            inventory=(district / "machines.csv",), plan=(district / "units.csv",)
        ),
    )
    sweeps.sweep(request)
    return out


@pytest.fixture
def take_in(world: World) -> Callable[..., AttachResult]:
    """Return what takes a findings folder in for a unit."""

    def take(folder: Path, code: str = "TC01") -> AttachResult:
        assert world.campaign is not None
        return attach(
            campaign=world.campaign,
            node=world.nodes[code],
            folder=folder,
            source="nộp tay",
            actor=world.user(code, Role.FOCAL_POINT),
        )

    return take


@pytest.fixture
def only_case() -> Callable[[], Case]:
    """Return the one case there is, read anew."""
    return lambda: Case.objects.select_related("device", "node__unit").get()
