"""The handling sheet in a browser: nothing of others is read as markup, nothing is loaded."""

from html.parser import HTMLParser
from typing import Any

import pytest

from quetsach.documents.sheets.card import card_of, card_page
from quetsach.texts import use_language
from tests.documents.cards import CAMPAIGN, QR, broken, hostile, usual


class Seen(HTMLParser):
    """The tags, attributes and texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def seen(device: dict[str, Any]) -> Seen:
    found = Seen()
    found.feed(card_page(card_of(device, CAMPAIGN, QR)))
    return found


@pytest.mark.parametrize("device", [usual(), hostile(), broken(), {}])
def test_nothing_is_loaded_and_nothing_is_run(device: dict[str, Any]) -> None:
    found = seen(device)
    assert not {"script", "img", "link", "iframe", "a", "object"} & set(found.tags)
    names = {name for name, _ in found.attributes}
    assert not names & {"src", "href"}
    assert not any(name.startswith("on") for name in names)
    assert found.tags.count("svg") == 1


def test_every_text_of_the_sheet_stands_on_the_page() -> None:
    made, found = card_of(usual(), CAMPAIGN, QR), seen(usual())
    for one in (made.name, made.period, made.grade, *made.reasons, *made.rivals, *made.numbers):
        assert one in found.text
    boxes = [value for name, value in found.attributes if name == "type"]
    assert boxes == ["checkbox"] * (9 + len(made.rivals))


def test_markup_in_a_name_is_shown_as_text() -> None:
    device = {**usual(), "machine": {"name": '<b onclick="x">&amp;'}}
    found = seen(device)
    assert '<b onclick="x">&amp;' in found.text
    assert "b" not in found.tags


def test_the_same_sheet_has_the_same_bytes() -> None:
    assert card_page(card_of(usual(), CAMPAIGN, QR)) == card_page(card_of(usual(), CAMPAIGN, QR))


def test_only_a_code_that_can_be_opened_is_said_to_lead_anywhere() -> None:
    use_language("en")
    page = card_page(card_of(usual(), CAMPAIGN, "https://portal.example/cases/7"))
    assert "Leads back to the case" in page
    assert "Leads back" not in card_page(card_of(usual(), CAMPAIGN, QR))


def test_the_code_fills_its_place_in_a_browser() -> None:
    found = seen(usual())
    assert any(name == "viewbox" for name, _value in found.attributes)
