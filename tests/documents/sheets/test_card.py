"""The handling sheet says which machine, where, why, how sure, in plain words, and never breaks."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest

from quetsach.documents.sheets.card import HandlingCard, card_of
from quetsach.texts import use_language
from tests.documents.cards import CAMPAIGN, QR, broken, hostile, usual


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
