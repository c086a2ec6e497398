"""The page of figures by itself: new numbers each minute, told when they are old or cannot come."""

from pathlib import Path
from typing import Any

import pytest

from quetsach_public.app import Application
from tests.public.made import NOW, made_home
from tests.public.test_browser import chromium
from tests.public.test_figures import shown, write
from tests.public.test_look import served

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
MINUTE = 75_000


def test_numbers_tables_and_pictures_are_renewed_and_what_fails_is_told(
    chromium: Any, tmp_path: Path
) -> None:
    app = Application(made_home(tmp_path), now=lambda: NOW, check_interval_s=0)
    write(tmp_path, shown(days=[]))
    with served(app) as host:
        page = chromium.new_page()
        page.clock.install()
        page.goto(f"http://{host}/so-lieu")
        new = shown(at="2022-09-21T08:01+07:00", tiles=[[4, "≥ 75 %"]])
        new["counters"] = {**new["counters"], "joined": 1234560, "found": None}
        new["rows"] = [{**new["rows"][0], "band": 3}, *new["rows"][1:]]
        write(tmp_path, new)

        def asked_after(milliseconds: int) -> None:
            with page.expect_response("**/figures.json"):
                page.clock.fast_forward(milliseconds)

        asked_after(MINUTE)
        page.get_by_text("1.234.560").wait_for()
        assert page.inner_text("[data-figure=found]") == "dưới 10"
        assert page.inner_text("[data-as-of]") == "Tính đến 08:01, 21/09/2022"
        assert page.locator("#days svg g").count() == 2
        assert page.locator("#map rect").get_attribute("class") == "tile tile-4"
        assert page.locator("#map title").text_content() == "Đặc khu Hoàng Sa: ≥ 75 %"
        rows = page.locator("#band-rows tr").all_inner_texts()
        bands = [row.split("\t")[2] for row in rows]
        assert bands == ["từ 75 %", "25–50 % ?", "dưới 25 %", "–", "–"]
        assert page.locator("#day-rows td").count() == 6
        # The figures are of 2022, and the server's clock is of today.
        assert "cũ hơn một giờ" in page.inner_text("#stale")

        page.route("**/figures.json", lambda route: route.fulfill(status=503))
        for failed in range(3):
            asked_after(MINUTE * 2**failed)
        page.get_by_text("Chưa lấy được số mới").wait_for()
        assert page.inner_text("[data-figure=joined]") == "1.234.560", "the last ones stay"
        page.close()
