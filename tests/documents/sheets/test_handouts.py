"""What is handed out: the texts as they are, a code that is read back, the same bytes each time."""

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from quetsach.documents.sheets import handouts
from quetsach.documents.sheets.handouts import (
    CallToAction,
    Handout,
    HandoutPoint,
    Imprint,
    Leaflet,
    Panel,
    Poster,
    PosterSize,
    Slides,
    StepsSheet,
    ToolFacts,
    _clean,
    find_plain_face,
    handout_pdf,
)
from quetsach.documents.typeset.typst import BUILT_IN, Face
from quetsach.errors.exceptions import QuetsachError
from tests.documents.letters import HOSTILE
from tests.documents.sheets import code_on
from tests.oracles import qr

IMPRINT = Imprint(
    language="vi",
    campaign="Chiến dịch làm sạch mã độc năm 2022",
    unit="Ủy ban nhân dân xã Tập Sơn",
    link="https://quetsach.example/tham-gia?ma=k7q2m9xdabcdefghijklmnopqr",
    shown="quetsach.example/tham-gia",
    day=date(2022, 9, 20),
    code="Mã của đơn vị: k7q2m9xdabcdefghijklmnopqr",
    help="Hỗ trợ: 0294 000 000",
    edition="Bản 1 · 20/09/2022",
)
CALL = CallToAction("Bẻ khóa là mở cửa cho mã độc", "Gỡ đi.", "Quét mã", "Không hỏi tên.")
PANEL = Panel("Coi chừng", (HandoutPoint("Một điều"), HandoutPoint("Điều hai", "Tên")))
DIGEST = "0123456789abcdef" * 4
TOOL = ToolFacts("Máy quét Sen", (("Hãng", "Hãng Sen"),), "Mã băm", DIGEST)
POSTER = Poster(IMPRINT, CALL, ("Gỡ bản bẻ khóa.", "Quét máy.", "Cập nhật."))
LEAFLET = Leaflet(IMPRINT, CALL, (PANEL,), (replace(PANEL, numbered=True),), (PANEL,))
SLIDES = Slides(IMPRINT, CALL, (PANEL, replace(PANEL, numbered=True)), PANEL)
SCALE = 4
STEPS = StepsSheet(
    imprint=IMPRINT,
    heading="Làm sạch: máy tính Windows",
    lead="Ba bước.",
    steps=(
        HandoutPoint("Gỡ mọi thứ lạ.", "Gỡ"),
        HandoutPoint("Quét hết.", "Quét"),
        HandoutPoint("Rồi đổi.", "Đổi"),
    ),
    tools_heading="Công cụ",
    tools=(TOOL,),
    no_tools="Chưa có công cụ",
    compare_heading="So mã băm",
    compare=("Gõ", "rồi so"),
    command="certutil -hashfile sen.exe SHA256",
    again="Kiểm tra lại.",
)


def pages(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        read = [page.get_textpage().get_text_range() for page in document]
    return [" ".join(one.replace("\u200b", "").replace("\ufffe", "-").split()) for one in read]


@pytest.mark.parametrize(
    ("handout", "count", "code_page", "said"),
    [
        (POSTER, 1, 0, [CALL.headline, CALL.private, "Quét máy.", IMPRINT.code]),
        (replace(POSTER, paper=PosterSize.A3), 1, 0, [CALL.headline]),
        (LEAFLET, 2, 0, [CALL.headline, "Coi chừng", "Điều hai", IMPRINT.shown]),
        (SLIDES, 4, 3, [CALL.headline, "Một điều", IMPRINT.shown]),
        (STEPS, 1, 0, ["Gỡ mọi thứ lạ.", "0123 4567 89ab cdef", "certutil", "Kiểm tra lại."]),
    ],
    ids=["poster", "a3", "leaflet", "slides", "steps"],
)
def test_each_says_what_it_was_given_and_its_code_is_read_back(
    handout: Handout, count: int, code_page: int, said: list[str]
) -> None:
    pdf = handout_pdf(handout)
    assert pdf == handout_pdf(handout)
    read = pages(pdf)
    assert len(read) == count
    text = " ".join(read)
    assert all(one in text for one in [*said, IMPRINT.unit, IMPRINT.campaign, IMPRINT.edition])
    assert qr.read(code_on(pdf, code_page, SCALE)) == IMPRINT.link


def test_the_code_on_a_poster_is_five_centimetres_wide_on_white() -> None:
    modules = code_on(handout_pdf(POSTER), scale=SCALE)
    # 66 mm with four modules of quiet zone on each side.
    assert 66 * len(modules) / (len(modules) + 8) >= 50


def test_many_tools_go_on_overleaf_and_none_says_so() -> None:
    many = pages(handout_pdf(replace(STEPS, tools=(TOOL,) * 6)))
    assert len(many) >= 2
    assert " ".join(many).count("Máy quét Sen") == 6
    none = " ".join(pages(handout_pdf(replace(STEPS, tools=()))))
    assert "Chưa có công cụ" in none
    assert "certutil" not in none


@pytest.mark.parametrize("hostile", HOSTILE)
def test_names_of_others_are_shown_and_never_read_as_code(hostile: str) -> None:
    imprint = replace(IMPRINT, unit=hostile, campaign=hostile, help=hostile[:40])
    tool = replace(TOOL, name=hostile, facts=(("Hãng", hostile),))
    for handout in (
        replace(POSTER, imprint=imprint),
        replace(STEPS, imprint=imprint, tools=(tool,)),
    ):
        assert handout_pdf(handout)


def test_the_longest_names_stay_on_their_page_and_whole() -> None:
    unit, campaign = " ".join(["Trường"] * 16), " ".join(["dịch"] * 30)
    imprint = replace(IMPRINT, unit=unit, campaign=campaign, help="Hỗ trợ: " + "0294 " * 8)
    for handout, count in ((POSTER, 1), (LEAFLET, 2), (STEPS, 1)):
        read = pages(handout_pdf(replace(handout, imprint=imprint)))
        assert len(read) == count
        assert unit in read[0]
        assert campaign in read[0]


def test_a_link_that_is_none_is_refused() -> None:
    imprint = replace(IMPRINT, link="javascript:alert(1)")
    with pytest.raises(QuetsachError, match="E409"):
        handout_pdf(replace(POSTER, imprint=imprint))


def test_khmer_is_printed_where_a_typeface_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    imprint = replace(IMPRINT, language="km", review="កំពុងរង់ចាំ")
    poster = replace(POSTER, imprint=imprint, call=replace(CALL, headline="បើកទ្វារឱ្យមេរោគ"))
    if find_plain_face("km") is not None:
        pdf = handout_pdf(poster)
        assert qr.read(code_on(pdf, scale=SCALE)) == IMPRINT.link
        assert IMPRINT.unit in pages(pdf)[0]
    monkeypatch.setattr(handouts, "KHMER", ())
    find_plain_face.cache_clear()
    try:
        with pytest.raises(QuetsachError, match="E425"):
            handout_pdf(poster)
    finally:
        find_plain_face.cache_clear()


def test_the_built_in_typeface_does_where_there_is_no_other() -> None:
    assert pages(handout_pdf(POSTER, face=Face(BUILT_IN)))


def test_no_short_last_word_stands_alone_and_a_command_is_left_as_it_is() -> None:
    text, command = "Quét máy bằng công cụ có sẵn.", 'certutil -hashfile "FILE" SHA256'
    assert _clean(text) == "Quét máy bằng công cụ có\u00a0sẵn."
    assert _clean("Tải về") == "Tải về"
    assert _clean({"command": command}) == {"command": command}
