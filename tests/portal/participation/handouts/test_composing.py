"""What each kind of handout says."""

from dataclasses import replace
from datetime import date

import pytest

from quetsach.api.handouts import StepsSheet
from quetsach_portal.participation.handouts.composing import Edition, handout_of, text_of
from quetsach_portal.participation.handouts.giver import SHEETS, HandoutIssuer, HandoutKind
from quetsach_portal.participation.models import JoinCode, JoinKind
from quetsach_public.pages.building import PLATFORMS
from quetsach_public.pages.campaign import LANGUAGES, texts
from quetsach_public.pages.materials.wording import GROUPS
from tests.portal.participation.handouts.samples import SAID, TOOL, pull, text_in

pytestmark = pytest.mark.django_db


def test_the_sheet_of_a_platform_has_its_tools_with_digest_and_how_to_compare(
    world, with_page
) -> None:
    windows = text_in(pull(world, HandoutKind.SHEET_WINDOWS).content)
    digest = " ".join(TOOL.sha256[place : place + 4] for place in range(0, 32, 4))
    for said in (TOOL.name, digest, 'certutil -hashfile "sen-setup.exe" SHA256', TOOL.address):
        assert said in windows
    assert TOOL.name not in text_in(pull(world, HandoutKind.SHEET_MACOS).content)


def test_each_kind_of_device_with_steps_has_a_sheet_of_them() -> None:
    assert sorted(SHEETS.values()) == sorted(PLATFORMS)
    printed = dict(GROUPS)["steps"]
    assert sorted(printed) == sorted(kind.value for kind in SHEETS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_for_iphones_is_one_page_that_says_the_steps_of_the_web_page(
    language: str,
) -> None:
    giver = HandoutIssuer(SAID, (replace(TOOL, platforms=("ios",)),), SAID.office)
    sheet = handout_of(HandoutKind.SHEET_IOS, language, giver, Edition(1, date(2026, 11, 2)))
    said = texts(language)["steps"]["ios"]
    assert isinstance(sheet, StepsSheet)
    assert [one.title for one in sheet.steps] == [said[one] for one in ("one", "two", "three")]
    assert "App Store" in sheet.compare[0]
    assert "quetsach.example" in sheet.compare[0], "where its file is compared"
    assert sheet.command == ""
    assert bool(sheet.imprint.review) == (language == "km"), "Khmer waits for a native reader"


@pytest.mark.parametrize("kind", [HandoutKind.LEAFLET, HandoutKind.SLIDES])
def test_leaflet_and_slides_say_why_what_instead_and_what_is_forgiven(
    world, with_page, kind: HandoutKind
) -> None:
    text = text_in(pull(world, kind).content)
    for said in ("LibreOffice", "KMS", "không phải tìm người có lỗi", "APK"):
        assert said in text
    assert "quetsach.example/cong-cu" in text


@pytest.mark.parametrize("kind", [HandoutKind.LEAFLET, HandoutKind.SLIDES, HandoutKind.LOUDSPEAKER])
@pytest.mark.parametrize("notice", ["", "Thông báo số 15/TB-UBND {x}"])
def test_only_an_office_s_notice_promises_that_who_tells_is_not_punished(
    kind: HandoutKind, notice: str
) -> None:
    giver = HandoutIssuer(replace(SAID, amnesty=notice), (TOOL,), SAID.office)
    if kind is HandoutKind.LOUDSPEAKER:
        text = text_of(kind, "vi", giver)
    else:
        text = repr(handout_of(kind, "vi", giver, Edition(1, date(2026, 11, 2))))
    assert ("không bị xử lý" in text) == bool(notice)
    assert notice in text


def test_texts_bear_the_units_name_and_link(world, with_page) -> None:
    code = world.nodes["TC01"].name_at_freeze
    assert code in pull(world, HandoutKind.LOUDSPEAKER).content.decode()
    assert "tham-gia?ma=" in pull(world, HandoutKind.CHAT).content.decode()
    short = JoinCode.objects.get(node=world.nodes["TC01"], kind=JoinKind.PUBLIC).short
    # Read out, it is spelled.
    assert ", ".join(short[:4]) in pull(world, HandoutKind.LOUDSPEAKER).content.decode()
    assert f"{short[:4]}-{short[4:]}" in pull(world, HandoutKind.CHAT).content.decode()
