"""The figures by the minute on disk: what the plane reads, with both archipelagos on each map."""

import json

import pytest

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.dashboards.pages.tile_map import HOANG_SA, PLACES
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.publishing.figures import actions
from quetsach_portal.publishing.figures.live import (
    LIVE_FIGURES_WRITER,
    days_drawn,
    write_live_figures,
)
from quetsach_portal.publishing.folder import CannotWrite
from quetsach_portal.publishing.models.page import WriterRun
from quetsach_portal.units.models import OrgUnit
from quetsach_public.pages.building import build_site
from quetsach_public.pages.filling import figures_page
from tests.portal.working import run_ready
from tests.public.made import CAMPAIGN

pytestmark = pytest.mark.django_db
ISLANDS = ("Hoàng Sa", "Trường Sa")


@pytest.fixture
def published(shown, owner):
    for code, staff, joined in (("TC", 600, 300), ("TC01", 400, 116), ("TC02", 200, 40)):
        row = NodeCounter.objects.filter(node=shown.nodes[code])
        row.update(staff=staff, joined_staff=joined, deployed=1)
    made = actions.prepare(shown.campaign, text="", actor=owner)
    actions.publish(made, sha256=made.sha256, actor=owner)
    return made


def written(folder):
    write_live_figures(folder)
    figures = json.loads((folder / "figures.json").read_bytes())
    return figures, json.loads((folder / "figures-drawn.json").read_bytes())


def test_without_a_publication_the_file_says_that_there_are_none(shown, folder) -> None:
    with pytest.raises(CannotWrite):
        write_live_figures(folder)
    assert json.loads((folder / "figures.json").read_bytes())["at"] is None


def test_the_plane_lays_out_what_the_portal_wrote(published, folder) -> None:
    figures, drawn = written(folder)
    build_site(folder / "site", CAMPAIGN)
    frames = json.loads((folder / "site" / "frames.json").read_text(encoding="utf-8"))
    for language in ("vi", "en", "km"):
        page = figures_page(frames[language]["figures"], figures, drawn, is_old=False).decode()
        assert "@@" not in page
        assert '<dd data-figure="joined">300</dd>' in page
        assert "25–50 %" in page, "116 of 400"
        assert page.count("<svg") == 2
        assert all(name in page for name in ISLANDS)


def test_hoang_sa_and_truong_sa_are_on_the_map_of_communes_and_of_provinces(
    published, folder
) -> None:
    figures, drawn = written(folder)
    assert all(name in drawn["map"] for name in ISLANDS)
    assert len(figures["tiles"]) == 2 + len(ISLANDS)
    for code, area in (("TC01", "48"), ("TC02", "56")):
        OrgUnit.objects.filter(code=code).update(area_code=area)
    figures, drawn = written(folder)
    assert all(name in drawn["map"] for name in ISLANDS)
    assert len(figures["tiles"]) == len(PLACES) + len(ISLANDS)
    OrgUnit.objects.filter(code="TC02").update(area_code=HOANG_SA)
    figures, drawn = written(folder)
    assert drawn["map"].count(">Hoàng Sa<") == 1
    assert all(name in drawn["map"] for name in ISLANDS)


def test_each_square_of_the_map_has_its_number_in_the_file(published, folder) -> None:
    figures, drawn = written(folder)
    assert figures["tiles"][:2] == [[2, "25–50 %"], [1, "< 25 %"]]
    assert drawn["map"].count("<g>") == len(figures["tiles"])


def test_days_are_columns() -> None:
    picture = days_drawn([["2022-09-01", 100, 1], ["2022-09-02", 300, 2]])
    assert picture.count("<g>") == 2
    assert "02/09: 300" in picture


def test_the_job_of_the_minute_writes_and_tells_how_it_ended(published, folder) -> None:
    enqueue("publishing.figures", key="publishing.figures:test")
    run_ready()
    assert (folder / "figures.json").exists()
    assert WriterRun.objects.get(writer=LIVE_FIGURES_WRITER.name).problem == ""
