"""Made with a unit's own name and code, kept by edition, pulled and counted."""

import hashlib
import json
from dataclasses import asdict, replace
from datetime import date

import pypdfium2
import pytest

from quetsach.api.handouts import StepsSheet
from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.campaigns.public_page import PublicPage, public_folder
from quetsach_portal.participation.handouts import editions, queries
from quetsach_portal.participation.handouts import giver as handouts_giver
from quetsach_portal.participation.handouts.composing import Edition, handout_of, text_of
from quetsach_portal.participation.handouts.giver import SHEETS, TEXTS, HandoutIssuer, HandoutKind
from quetsach_portal.participation.models.handouts import HandoutEdition, HandoutPull
from quetsach_portal.participation.models.participation import JoinCode, JoinKind
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from quetsach_public.pages.building import PLATFORMS
from quetsach_public.pages.campaign import LANGUAGES, PageCampaign, texts
from quetsach_public.pages.materials.wording import GROUPS
from quetsach_public.pages.tools import ListedTool
from tests.documents.sheets import code_on
from tests.oracles import qr

pytestmark = pytest.mark.django_db

SAID = PageCampaign(
    title="Chiến dịch làm sạch mã độc 2022",
    office="Phòng Văn hóa và Thông tin",
    phone="0294 000 000",
    address="https://quetsach.example",
    domains=("quetsach.example",),
)
TOOL = ListedTool(
    name="Máy quét Sen",
    maker="Hãng Sen",
    version="4.2",
    file="sen-setup.exe",
    sha256=hashlib.sha256(b"MZ").hexdigest(),
    address="https://sen.example/tai-ve",
    purpose={"vi": "Quét máy"},
    platforms=("windows",),
)


@pytest.fixture
def with_page(world, home) -> None:
    """The public page that says SAID, and a catalogue with TOOL."""
    PublicPage.objects.create(
        campaign=world.campaign,
        changed_by=world.user("TC", Role.LEAD_OWNER),
        **{**asdict(SAID), "domains": list(SAID.domains)},
    )
    (public_folder() / "tools.json").write_text(json.dumps({"tools": [asdict(TOOL)]}))


def text_in(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        read = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(read).replace("\u200b", "").replace("\ufffe", "-").split())


def pull(
    world, kind: HandoutKind, code: str = "TC01", language: str = "vi"
) -> editions.PulledMaterial:
    actor = world.user(code, Role.CLERK)
    node = world.nodes[code]
    return editions.pull(node, kind, language, audience=JoinKind.PUBLIC, actor=actor)


def test_a_poster_bears_the_units_name_and_leads_to_its_code(world, with_page) -> None:
    made = pull(world, HandoutKind.POSTER_A4)
    code = JoinCode.objects.get(node=world.nodes["TC01"], kind=JoinKind.PUBLIC).code
    assert qr.read(code_on(made.content, scale=4)) == f"https://quetsach.example/tham-gia?ma={code}"
    text = text_in(made.content)
    assert world.nodes["TC01"].name_at_freeze in text
    assert "0294 000 000" in text
    assert made.name == "poster-a4-vi-b1.pdf"


@pytest.mark.parametrize(
    "kind",
    [HandoutKind.POSTER_A3, HandoutKind.LEAFLET, HandoutKind.SLIDES, HandoutKind.SHEET_ROUTER],
)
def test_the_short_code_stands_on_paper_with_the_address_to_type_it_at(
    world, with_page, kind: HandoutKind
) -> None:
    text = text_in(pull(world, kind).content)
    code = JoinCode.objects.get(node=world.nodes["TC01"], kind=JoinKind.PUBLIC)
    assert f"Mã của đơn vị: {code.shown}" in text
    assert "quetsach.example/tham-gia" in text


def test_without_a_public_page_the_code_leads_to_the_portal(world) -> None:
    made = pull(world, HandoutKind.POSTER_A4)
    code = JoinCode.objects.get(node=world.nodes["TC01"], kind=JoinKind.PUBLIC).code
    assert qr.read(code_on(made.content, scale=4)) == f"http://127.0.0.1:8000/join/{code}/"


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


def test_an_edition_lasts_while_nothing_changes_and_older_ones_stay(world, with_page) -> None:
    campaign = world.campaign
    giver = HandoutIssuer(SAID, (TOOL,), SAID.office)
    first = editions.refresh_edition(campaign, HandoutKind.SHEET_WINDOWS, "vi", giver)
    assert editions.refresh_edition(campaign, HandoutKind.SHEET_WINDOWS, "vi", giver).pk == first.pk
    other = replace(giver, tools=(replace(TOOL, version="4.3"),))
    second = editions.refresh_edition(campaign, HandoutKind.SHEET_WINDOWS, "vi", other)
    assert (first.number, second.number) == (1, 2)
    assert first.sha256 == hashlib.sha256(bytes(first.content)).hexdigest() != second.sha256
    (row,) = queries.editions(campaign, "vi")
    (same,) = row.by_language
    assert (same.newest, list(same.earlier)) == (second, [first])
    (listed,) = editions.for_site(campaign)
    assert listed.sha256 == second.sha256
    assert [one.sha256 for one in listed.earlier] == [first.sha256]


def test_the_same_edition_made_again_is_the_same_to_the_byte(world, with_page) -> None:
    assert pull(world, HandoutKind.POSTER_A4) == pull(world, HandoutKind.POSTER_A4)


def test_pulls_are_counted_and_shown_up_the_tree_without_a_person(world, with_page) -> None:
    for code in ("TC01", "TC01A", "TC01A"):
        pull(world, HandoutKind.CHAT, code)
    assert editions.count_public(world.nodes["TC01"], "poster-a4-vi", date(2022, 9, 20), 7)
    below = queries.pulls_below(world.nodes["TC"])
    assert [(one.here, one.public) for one in below] == [(3, 7), (0, 0)]
    own = queries.own_pulls(world.nodes["TC01"], "vi")
    assert [(one.name, one.here, one.public) for one in own] == [
        ("Áp phích A4", 0, 7),
        ("Tin nhắn cho nhóm chat", 1, 0),
    ]


@pytest.mark.parametrize("of", ["", "poster-a4", "poster-a4-xx", "x-vi", "-vi", "../vi-vi"])
def test_what_is_no_material_of_ours_is_told_and_not_counted(world, of: str) -> None:
    assert not editions.count_public(world.nodes["TC01"], of, date(2022, 9, 20), 1)
    assert not HandoutPull.objects.exists()


def test_nothing_is_handed_out_when_the_campaign_does_not_run(world) -> None:
    world.nodes["TC01"].campaign.state = CampaignState.CLOSED
    with pytest.raises(Refused):
        pull(world, HandoutKind.CHAT)


def test_khmer_that_cannot_be_printed_is_refused_in_words_and_its_texts_are_given(
    world, monkeypatch
) -> None:
    monkeypatch.setattr(editions, "can_print", lambda language: language != "km")
    with pytest.raises(Refused, match="Khmer"):
        pull(world, HandoutKind.POSTER_A4, language="km")
    assert pull(world, HandoutKind.CHAT, language="km").content


def test_everything_a_house_can_make_is_kept_once(world, with_page, monkeypatch) -> None:
    monkeypatch.setattr(editions, "handout_pdf", lambda handout: handout.imprint.edition.encode())
    giver = handouts_giver.general_giver(world.campaign)
    monkeypatch.setattr(editions, "can_print", lambda _language: True)
    made = editions.refresh_editions(world.campaign, giver)
    assert len(made) == len(HandoutKind) * len(LANGUAGES) == HandoutEdition.objects.count()
    assert [row.pk for row in editions.refresh_editions(world.campaign, giver)] == [
        row.pk for row in made
    ]
    assert len(editions.for_site(world.campaign)) == len(made)
    assert {row.kind for row in made} > set(TEXTS)


def test_the_page_gives_a_file_and_shows_what_was_counted(world, client_of) -> None:
    clerk = client_of("TC01", Role.CLERK)
    address = f"/handouts/{world.nodes['TC01'].pk}/"
    form = {"kind": "chat", "language": "vi", "audience": "staff"}
    reply = clerk.post(address, form)
    assert reply.headers["Content-Disposition"] == 'attachment; filename="chat-vi-b1.txt"'
    page = clerk.get(address)
    assert page.context["own"][0].here == 1
    assert page.context["below"] == ()
    lead = client_of("TC", Role.LEAD_OWNER).get(f"/handouts/{world.nodes['TC'].pk}/")
    assert [one.here for one in lead.context["below"]] == [1, 0]
    edition = clerk.get(f"/handouts/editions/{HandoutEdition.objects.get().pk}")
    assert edition.headers["Content-Type"].startswith("text/plain")
    assert clerk.post(address, {**form, "kind": "x"}).status_code == 422


def test_the_page_asks_few_questions_however_many_units_there_are(
    world, client_of, django_assert_max_num_queries
) -> None:
    for code in ("TC", "TC01", "TC02", "TC01A"):
        editions.count_public(world.nodes[code], "leaflet-vi", date(2022, 9, 20), 3)
    lead = client_of("TC", Role.LEAD_OWNER)
    with django_assert_max_num_queries(24):
        lead.get(f"/handouts/{world.nodes['TC'].pk}/")
