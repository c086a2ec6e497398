"""Presses of one address count within bounds; who sends more is thanked and not counted."""

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from unittest.mock import Mock

import pytest

from quetsach_public.app import Application
from quetsach_public.counts import PublicCounters
from quetsach_public.joining import BURST, IN_ALL, OF_A_CODE, WITHOUT_CODE, JoinResponder
from quetsach_public.lookups import CodeLookups
from quetsach_public.pages.building import build_site
from quetsach_public.pages.materials.wording import EarlierEdition, MaterialFile, counted_as, offers
from quetsach_public.settings import VIETNAM, Settings
from tests.public.asking import asked
from tests.public.made import CAMPAIGN, TOOL, made_home

NOW = datetime(2026, 11, 27, 9, tzinfo=VIETNAM)


@pytest.fixture
def counts(tmp_path: Path) -> PublicCounters:
    return PublicCounters(tmp_path, tmp_path / "journals")


def form(counts: PublicCounters) -> JoinResponder:
    return JoinResponder(counts, Mock(take=Mock(return_value=True)), CodeLookups(Path("no file")))


def press(pressing: JoinResponder, many: int, code: str, caller: int, act: str = "joined") -> None:
    for number in range(many):
        body = f"viec={act}&ve=x&ma={code.format(number)}"
        assert pressing.take({}, "", body, NOW, caller).status.startswith("303")


@pytest.mark.parametrize(("code", "most"), [("poster", OF_A_CODE), ("", WITHOUT_CODE)])
def test_R6_one_address_counts_so_often_for_a_code_and_another_beside_it(
    counts: PublicCounters, code: str, most: int
) -> None:
    pressing = form(counts)
    press(pressing, most + 50, code, caller=7)
    assert counts.dropped in (49, 50)
    press(pressing, 5, code, caller=8)
    press(pressing, 5, code, caller=7, act="scanned")
    press(pressing, 5, "another", caller=7)
    assert counts.dropped in (49, 50)


def test_R6_made_up_codes_of_one_address_are_bounded_together(counts: PublicCounters) -> None:
    press(form(counts), IN_ALL + 200, "x{}", caller=7)
    assert 150 < counts.dropped <= 200


PDF = b"%PDF-1.7 " + b"x" * 3000
POSTER = MaterialFile(
    "poster-a4",
    "vi",
    2,
    date(2022, 9, 20),
    PDF,
    earlier=(EarlierEdition(1, date(2022, 9, 1), "ab" * 32),),
)
SHEET = MaterialFile("sheet-windows", "vi", 1, date(2022, 9, 20), PDF + b"w")
ENGLISH = replace(POSTER, language="en", number=1, earlier=())
CHAT = MaterialFile("chat", "vi", 1, date(2022, 9, 20), "Chào".encode(), ending="txt")
LINK = f"/tai-lieu/tep/{POSTER.name}"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = made_home(tmp_path_factory.mktemp("home"))
    build_site(made.site, CAMPAIGN, [TOOL], [POSTER, SHEET, ENGLISH, CHAT])
    return made


@pytest.fixture
def app(settings: Settings) -> Application:
    return Application(settings)


def counted(app: Application) -> list[dict[str, object]]:
    path = app.counts.flush()
    return json.loads(path.read_text())["counts"] if path else []


def test_the_page_lists_files_with_sizes_editions_and_digests(app: Application) -> None:
    page = asked(app, "/tai-lieu").text
    assert f'<a href="{LINK}">Áp phích A4</a> <span class="size">PDF, 3 KB</span>' in page
    assert "Bản 2, ngày 20/09/2022" in page
    assert "Bản 1, ngày 01/09/2022" in page
    assert POSTER.sha256[:4] in page
    assert f"/en/tai-lieu/tep/{ENGLISH.name}" in page
    assert "https://quetsach.example/\n" in page
    assert "@@" not in page


def test_with_a_code_all_links_and_the_chat_text_bear_it(app: Application) -> None:
    page = asked(app, "/tai-lieu?ma=abc-12").text
    assert f'href="{LINK}?ma=abc-12"' in page
    assert "https://quetsach.example/tham-gia?ma=abc-12\n" in page
    assert "@@" not in page
    hostile = asked(app, "/tai-lieu?" + 'ma="><script>').text
    assert f'href="{LINK}"' in hostile


def test_thanks_lead_to_the_materials_of_the_same_code(app: Application) -> None:
    assert 'href="/tai-lieu?ma=abc-12"' in asked(app, "/cam-on?ma=abc-12").text
    assert 'href="/tai-lieu"' in asked(app, "/cam-on").text


def test_a_language_without_files_says_why_and_names_the_others(app: Application) -> None:
    page = asked(app, "/km/tai-lieu").text
    assert "Noto" not in page
    assert f'href="{LINK}"' in page
    assert "PDF ភាសាខ្មែរ" in page


def test_a_pull_is_counted_for_the_unit_of_the_code(app: Application) -> None:
    reply = asked(app, f"{LINK}?ma=abc-12")
    assert reply.body == PDF
    assert reply.headers["Content-Type"] == "application/pdf"
    assert reply.headers["Cache-Control"] == "private, max-age=86400"
    assert reply.headers["Content-Disposition"] == "attachment"
    (row,) = counted(app)
    assert (row["act"], row["code"], row["of"], row["count"]) == (
        "pulled",
        "abc-12",
        "poster-a4-vi",
        1,
    )


def test_what_is_not_sent_whole_is_not_counted(app: Application) -> None:
    etag = asked(app, LINK).headers["ETag"]
    counted(app)
    asked(app, LINK, method="HEAD")
    assert asked(app, LINK, HTTP_RANGE="bytes=0-0").status == 200
    assert asked(app, LINK, HTTP_IF_NONE_MATCH=etag).status == 304
    assert asked(app, "/tai-lieu/tep/poster-a4-vi-b9-00000000.pdf").status == 404
    assert asked(app, "/tai-lieu/tep/../page.css").status == 404
    assert counted(app) == []


def test_a_script_gets_its_files_and_counts_no_more_than_a_house_of_people(
    app: Application,
) -> None:
    for _turn in range(int(BURST) + 20):
        assert asked(app, LINK).status == 200
    assert counted(app)[0]["count"] == int(BURST)


def test_the_steps_of_a_platform_lead_to_their_sheet(app: Application) -> None:
    assert SHEET.name in asked(app, "/lam-sach/windows").text
    assert "tai-lieu/tep" not in asked(app, "/lam-sach/macos").text


def test_without_files_the_texts_are_there(tmp_path: Path) -> None:
    page = asked(Application(made_home(tmp_path)), "/tai-lieu").text
    assert "Tài liệu chưa được công bố" in page
    assert "Kính thưa bà con!" in page


def test_the_name_of_a_file_tells_what_it_is_counted_as() -> None:
    assert counted_as(POSTER.name) == "poster-a4-vi"
    assert POSTER.name != replace(POSTER, data=b"other").name
    assert offers("vi", [])["groups"] == []
