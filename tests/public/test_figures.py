"""The figures by the minute: old ones say so, and what did not change is not sent again."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from quetsach_public.app import Application
from tests.public.asking import asked
from tests.public.made import made_home

AT = datetime(2022, 9, 21, 1, 0, tzinfo=UTC)
HOANG_SA = (
    '<svg class="draw-tiles" viewBox="0 0 54 54" aria-hidden="true"><g><title>Đặc khu Hoàng Sa'
    '</title><rect class="tile tile-0"/><text>Hoàng Sa</text><text></text></g></svg>'
)
DAYS = '<svg class="draw draw-days" viewBox="0 0 24 121" aria-hidden="true"></svg>'


def shown(**more: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "campaign": "Chiến dịch",
        "at": "2022-09-21T08:00+07:00",
        "units_at": "2022-09-21T08:00+07:00",
        "counters": {
            "units": 1240,
            "deployed": 1203,
            "joined": 10450,
            "line": 20,
            "scanned": 310,
            "cleaned": None,
            "found": 40,
            "clean": None,
        },
        "rows": [
            {"name": "Xã <Một>", "area": "", "units": 9, "deployed": 7, "band": 1},
            {
                "name": "Xã Hai",
                "area": "",
                "units": 9,
                "deployed": 9,
                "band": 1,
                "questioned": True,
            },
            {"name": "Xã Ba", "area": "", "units": 4, "deployed": 1, "band": 0},
            {"name": "Xã Bốn", "area": "", "units": 4, "deployed": 1, "band": None},
        ],
        "more": 0,
        "group": {"units": 3, "band": None},
        "days": [["2022-09-20", 9000, 1100], ["2022-09-21", 10450, 1203]],
        "tiles": [[2, "25–50 %"]],
        **more,
    }


def write(home: Path, value: dict[str, Any]) -> None:
    (home / "figures-drawn.json").write_text(json.dumps({"map": HOANG_SA, "days": DAYS}))
    (home / "figures.json").write_text(json.dumps(value))


@pytest.fixture
def app(tmp_path: Path) -> Application:
    now = AT + timedelta(minutes=2)
    return Application(made_home(tmp_path), now=lambda: now, check_interval_s=0)


def test_before_any_figures_the_page_says_that_there_are_none(app: Application) -> None:
    answer = asked(app, "/so-lieu")
    assert answer.status == 200
    assert "Chưa có số liệu" in answer.text
    assert asked(app, "/figures.json").status == 404


def test_the_page_shows_numbers_in_the_readers_language(app: Application, tmp_path: Path) -> None:
    write(tmp_path, shown())
    page = asked(app, "/so-lieu").text
    assert '<dd data-figure="joined">10.450</dd>' in page
    assert '<dd data-figure="cleaned">dưới 10</dd>' in page
    assert "đơn vị đã triển khai, trong 1.240 đơn vị" in page
    assert "Tính đến 08:00, 21/09/2022" in page
    assert '<dd data-figure="joined">10,450</dd>' in asked(app, "/en/so-lieu").text
    assert "Xã &lt;Một&gt;" in page
    assert '<dd data-figure="line">20</dd>' in page
    assert HOANG_SA in page


def test_units_stand_in_bands_without_ranks_and_who_has_none_has_a_dash(
    app: Application, tmp_path: Path
) -> None:
    write(tmp_path, shown())
    page = asked(app, "/so-lieu").text
    rows = page[page.index('<tbody id="band-rows">') :].split("<tr>")[1:]
    shares = [row.split('<td class="n">')[2].partition("<")[0] for row in rows]
    assert shares == ["25–50 %", "25–50 % ?", "dưới 25 %", "–", "–"]
    assert "Các đơn vị nhỏ gộp chung" in rows[-1]
    assert "Hạng" not in page


def test_figures_older_than_an_hour_say_so(tmp_path: Path) -> None:
    now = [AT]
    app = Application(made_home(tmp_path), now=lambda: now[0], check_interval_s=0)
    write(tmp_path, shown())
    fresh = asked(app, "/so-lieu")
    now[0] = AT + timedelta(minutes=61)
    old = asked(app, "/so-lieu")
    assert " hidden></p>" in fresh.text
    assert ">Số liệu này đã cũ hơn một giờ" in old.text
    assert fresh.headers["ETag"] != old.headers["ETag"]


def test_what_did_not_change_is_not_sent_again(app: Application, tmp_path: Path) -> None:
    write(tmp_path, shown())
    for path in ("/figures.json", "/so-lieu", "/km/so-lieu"):
        first = asked(app, path)
        assert first.headers["Cache-Control"] == "public, max-age=20"
        again = asked(app, path, HTTP_IF_NONE_MATCH=first.headers["ETag"])
        assert again.status == 304
        assert again.body == b""
    write(tmp_path, shown(at="2022-09-21T08:01+07:00"))
    etag = first.headers["ETag"]
    assert asked(app, "/km/so-lieu", HTTP_IF_NONE_MATCH=etag).status == 200


def test_a_damaged_file_leaves_the_last_whole_one_and_none_published_ends_it(
    app: Application, tmp_path: Path
) -> None:
    write(tmp_path, shown())
    assert asked(app, "/figures.json").status == 200
    for damaged in ('{"at"', "[]", '{"at": 7}', '{"at": "2022-09-21T08:00"}'):
        (tmp_path / "figures.json").write_text(damaged)
        assert json.loads(asked(app, "/figures.json").body) == shown()
    (tmp_path / "figures.json").write_text('{"version": 1, "at": null}')
    assert asked(app, "/figures.json").status == 404


def test_the_page_of_two_hundred_units_fits_the_first_screen(
    app: Application, tmp_path: Path
) -> None:
    rows = [
        {
            "name": f"Ủy ban nhân dân xã {n * 7919 % 1000}",
            "area": "",
            "units": 9 + n,
            "deployed": n,
            "band": 3 - n // 50,
        }
        for n in range(200)
    ]
    days = [[f"2022-08-{n % 30 + 1:02}", n * 131, n] for n in range(60)]
    write(tmp_path, shown(rows=rows, days=days))
    page = asked(app, "/km/so-lieu", HTTP_ACCEPT_ENCODING="gzip")
    frame = gzip.decompress(page.body).decode()
    paths = [part.partition('"')[0] for part in frame.split('="/static/')[1:]]
    assets = [asked(app, f"/static/{one}", HTTP_ACCEPT_ENCODING="gzip") for one in paths]
    assert len(page.body) + sum(len(one.body) for one in assets) <= 30_000
