"""The handling sheet says which machine, where, why, how sure, in plain words, and never breaks."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import pypdfium2
import pytest

from quetsach.documents.sheets.card import HandlingCard, card_of, card_pdf
from quetsach.documents.typeset.typst import BUILT_IN, Face, find_face
from quetsach.texts import Language, use_language
from tests.documents.cards import CAMPAIGN, QR, broken, hostile, usual
from tests.oracles import qr


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("vi")


def card(**more: Any) -> HandlingCard:
    return card_of({**usual(), **more}, CAMPAIGN, QR)


def test_the_machine_is_named_with_all_that_the_inventory_says() -> None:
    made = card()
    assert made.name == "PC-KETOAN-03"
    assert dict(made.facts) == {
        "Listed as": "TS-2023-0117",
        "Hardware address (MAC)": "00-17-A4-B2-C3-D4",
        "IP address at that time": "10.20.3.41",
        "Unit": "UBND xã Hàm Giang",
        "Room": "P.302",
        "Desk": "Bàn 4",
    }
    assert made.remarks[0] == "Máy tính để bàn"
    assert made.remarks[1].startswith("Several people use this machine")


def test_the_times_are_those_of_the_place() -> None:
    assert card().period == "From 08:15 1 Sep 2026 to 17:40 5 Sep 2026, in 1,117 log lines."
    use_language("vi")
    assert card().period == "Từ 08:15 01/9/2026 đến 17:40 05/9/2026, trong 1.117 dòng nhật ký."


def test_the_reasons_say_what_was_done_with_which_indicator() -> None:
    assert card().reasons == (
        "c2.botnet.example (Mirai): it exchanged data with the listed address",
        "203.0.113.7: it connected to the listed address",
    )
    assert card().more_reasons == ""
    assert card_of(hostile(), CAMPAIGN, QR).more_reasons == "and 47 more, see the case"


def test_rivals_are_to_be_checked_too_with_the_reason_for_each() -> None:
    assert card().rivals == ("PC-VANTHU (00-17-A4-B2-C3-D5): same address at 08:40",)
    assert card(rivals=["b"], rivals_because=[]).rivals == ("b",)
    assert card(rivals=["b"]).rivals[0] == "b"


@pytest.mark.parametrize(
    ("grade", "shown"),
    [
        ("certain", "Certain"),
        ("likely", "Likely"),
        ("ambiguous", "Not settled"),
        ("unknown", "Unknown"),
        ("new", "Unknown"),
    ],
)
def test_each_grade_has_its_words(grade: str, shown: str) -> None:
    assert card(grade=grade).grade == shown


def test_without_inventory_the_places_are_left_to_be_filled_in() -> None:
    made = card(machine=None)
    assert made.name == "PC-KETOAN-03"
    assert [label for label, value in made.facts if not value] == [
        "Listed as",
        "Unit",
        "Room",
        "Desk",
    ]
    assert made.remarks == ()


def test_the_tool_of_the_campaign_stands_in_the_steps() -> None:
    assert any(CAMPAIGN.tool in tick for step in card().steps for tick in step.ticks)
    assert [len(step.ticks) for step in card().steps] == [3, 3, 3]


@pytest.mark.parametrize("device", [hostile(), broken(), {"device": ""}, {}])
def test_whatever_the_findings_hold_texts_are_short_and_printable(device: dict[str, Any]) -> None:
    made = asdict(card_of(device, CAMPAIGN, QR))

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        else:
            for one in value.values() if isinstance(value, dict) else value:
                yield from texts(one)

    for text in texts({name: value for name, value in made.items() if name != "qr"}):
        assert text.isprintable()
        assert len(text) < 200
        assert "\u202e" not in text


def test_a_text_of_megabytes_is_cut_before_it_is_looked_at() -> None:
    assert len(card(machine={"name": "Ả\u0301" * 5_000_000}).name) <= 60


def test_the_unit_stands_by_its_name_where_the_network_plan_knows_it() -> None:
    place = {"unit": "TC18", "unit_name": "Văn phòng HĐND và UBND", "room": "P.12"}
    facts = dict(card(place=place, machine=None).facts)
    assert (facts["Unit"], facts["Room"]) == ("Văn phòng HĐND và UBND", "P.12")


def test_a_machine_of_which_only_the_address_is_known_is_to_be_looked_for() -> None:
    made = card(grade="likely", host_name=None, mac=None, machine=None)
    assert "ask the router" in made.meaning
    assert "Compare name and MAC" in card(grade="likely").meaning


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    yield
    use_language("vi")


def pdf(device: dict[str, Any], code: str = QR, face: Face | None = None) -> bytes:
    return card_pdf(card_of(device, CAMPAIGN, code), face=face)


def text_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    return unicodedata.normalize("NFC", " ".join(text.replace("\u200b", "").split()))


def modules_of(data: bytes) -> list[list[bool]]:
    """Return the modules of the QR code at the top right, measured in the page's picture."""
    document = pypdfium2.PdfDocument(data)
    bitmap = document[0].render(scale=8, grayscale=True)
    width, stride, pixels = bitmap.width, bitmap.stride, bytes(bitmap.buffer)
    document.close()

    def dark(x: float, y: float) -> bool:
        return pixels[int(y) * stride + int(x)] < 128

    columns = range(width * 70 // 100, width)
    top = next(y for y in range(width) if sum(dark(x, y) for x in columns) > 60)
    row = [x for x in columns if dark(x, top + 2)]
    run = next(n for n in range(1, 1000) if not dark(row[0] + n, top + 2))
    count = round((row[-1] + 1 - row[0]) / (run / 7))
    module = (row[-1] + 1 - row[0]) / count
    middle: Callable[[int], float] = lambda n: (n + 0.5) * module  # noqa: E731
    return [[dark(row[0] + middle(c), top + middle(r)) for c in range(count)] for r in range(count)]


@pytest.mark.parametrize(
    "code", [QR, "https://portal.example/cases/" + "%C3%A1" * 30, "quetsach:case:x"]
)
def test_the_printed_code_is_read_back_to_its_text(code: str) -> None:
    assert qr.read(modules_of(pdf(usual(), code))) == code


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_text_of_the_sheet_stands_on_its_one_page(language: Language) -> None:
    use_language(language)
    made = card_of(usual(), CAMPAIGN, QR)
    text = text_of(card_pdf(made)).replace(" ", "")
    expected = [made.head, made.name, made.period, made.grade, made.meaning, *made.numbers]
    expected += [*made.reasons, *made.rivals, *made.remarks, *made.blanks]
    expected += [one for fact in made.facts for one in fact]
    expected += [one for step in made.steps for one in (step.title, *step.ticks)]
    for one in expected:
        assert one.replace(" ", "") in text, one


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("device", [hostile(), broken(), {}])
@pytest.mark.parametrize("prescribed", [True, False])
def test_it_is_one_page_whatever_the_findings_hold(
    device: dict[str, Any], language: Language, prescribed: bool
) -> None:
    use_language(language)
    face = find_face() if prescribed else Face(BUILT_IN)
    text = text_of(pdf(device, face=face))
    last = card_of(device, CAMPAIGN, QR).steps[2].ticks[2]
    assert last.replace(" ", "") in text.replace(" ", "")


def test_markup_in_a_name_is_shown_as_text() -> None:
    device = {**usual(), "machine": {"name": "#panic() $x$ *b* \\ <a>"}}
    assert "#panic() $x$ *b* \\ <a>" in text_of(pdf(device))


def test_the_same_sheet_has_the_same_bytes() -> None:
    assert pdf(usual()) == pdf(usual())
    assert pdf(usual()).startswith(b"%PDF-")
