"""The folder is written part by part; what fails is told and stops no other."""

from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing import actions, queries, site
from quetsach_portal.publishing.folder import CannotWrite
from quetsach_portal.publishing.models.page import WriterRun
from quetsach_portal.publishing.writer_runs import Writer, write_all
from quetsach_portal.publishing.writing import WRITE, WRITERS, write_folder
from quetsach_portal.web.acts import Refused
from quetsach_public.pages.campaign import read_campaign
from quetsach_public.pages.site import read_site
from tests.portal.access.publishing import FORM, SAID
from tests.portal.working import run_ready
from tests.portal.world import make_campaign

pytestmark = pytest.mark.django_db


def breaks(folder: Path) -> None:
    raise KeyError("x")


def lacks(folder: Path) -> NoReturn:
    raise CannotWrite("Chưa có danh sách.")


def waits_for_its_list(folder: Path) -> str:
    return writes(folder) if (folder / "list").exists() else lacks(folder)


def writes(folder: Path) -> str:
    (folder / "written").touch()
    return "3 địa chỉ"


def test_each_writer_fails_alone_and_says_so(home, folder) -> None:
    write_all([Writer(one.__name__, one, "") for one in (breaks, lacks, writes)])
    runs = WriterRun.objects.in_bulk()
    assert "KeyError" in runs["breaks"].problem
    assert runs["lacks"].problem == "Chưa có danh sách."
    assert (folder / "written").exists()
    assert runs["writes"].said == "3 địa chỉ"
    assert runs["writes"].problem == ""


def test_a_writer_that_works_again_has_no_problem_left(home, folder) -> None:
    writer = Writer("part", waits_for_its_list, "")
    write_all([writer])
    assert WriterRun.objects.get().problem
    (folder / "list").touch()
    write_all([writer])
    run = WriterRun.objects.get()
    assert (run.problem, run.said) == ("", "3 địa chỉ")
    assert run.written_at


def test_opening_the_page_has_the_pages_written(shown, folder) -> None:
    pages = [one for one in WRITERS if one.write is site.write_site]
    run_ready(handlers={WRITE: partial(write_folder, writers=pages)})
    assert read_campaign(folder / "campaign.json").domains == ("quetsach.example",)
    assert read_site(folder / "site").pages["/"]
    (part,) = [one for one in queries.parts() if one.what == site.SITE_LABEL]
    assert part.run is not None
    assert part.run.problem == ""


def test_nothing_is_written_while_no_page_is_shown(world, owner, folder) -> None:
    actions.save_page(world.campaign, SAID, actor=owner)
    assert not Job.objects.filter(kind="publishing.write").exists()
    with pytest.raises(Refused):
        actions.write_now(world.campaign, actor=owner)


def test_one_campaign_at_a_time_is_shown(shown, owner) -> None:
    first, other = shown.campaign, make_campaign(shown, lead="KH")
    other.state = "live"
    other.save()
    actions.save_page(other, SAID, actor=owner)
    with pytest.raises(Refused):
        actions.show(other, actor=owner)
    actions.close(first, reason="hết việc", actor=owner)
    actions.show(other, actor=owner)


def test_the_form_refuses_what_is_no_address(shown, client_of) -> None:
    chief = client_of("TC", Role.LEAD_OWNER)
    address = f"/public-page/campaigns/{shown.campaign.pk}/page/"
    for wrong in (
        {"address": "http://quetsach.example"},
        {"address": "https://quetsach.example/trang"},
        {"domains": "https://quetsach.example"},
        {"documents": "javascript:alert(1)"},
        {"days_valid": "0"},
    ):
        assert 'class="error-summary"' in chief.post(address, {**FORM, **wrong}).content.decode()
    assert chief.post(address, FORM).status_code == 302


def test_the_button_asks_for_a_job_and_the_state_shows(shown, client_of) -> None:
    chief = client_of("TC", Role.LEAD_OWNER)
    before = Job.objects.filter(kind="publishing.write").count()
    chief.post(f"/public-page/campaigns/{shown.campaign.pk}/write")
    assert Job.objects.filter(kind="publishing.write").count() == before + 1
    WriterRun.objects.create(writer="quetsach_portal.publishing.site.write", problem="Đĩa đầy")
    page = chief.get(f"/public-page/campaigns/{shown.campaign.pk}/").content.decode()
    assert "Đĩa đầy" in page
