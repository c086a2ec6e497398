"""Planted names: the same from the same key, new each day, read back from whatever holds them."""

from datetime import date
from pathlib import Path

import pytest

from quetsach.blocklists.planted import (
    PlantedKey,
    is_working_day,
    names_text,
    planted_between,
    planted_key_text,
    planted_names_in,
    planted_on,
    read_planted_key,
)
from quetsach.errors.exceptions import QuetsachError

MONDAY = date(2026, 11, 30)
KEY = PlantedKey(bytes(range(32)), ("Phòng VP", 'Tầng "2" \\ x'), MONDAY)


def test_a_name_is_of_its_key_day_and_place_alone() -> None:
    # Computed with `openssl dgst -sha256 -mac HMAC` over "2026-11-30\nVP".
    contact = planted_on(KEY, MONDAY, "VP")
    assert contact.name == "0ae4601efed865d6.planted.quetsach.example"
    others = {
        planted_on(KEY, MONDAY, "KT").name,
        planted_on(KEY, date(2026, 12, 1), "VP").name,
        planted_on(PlantedKey(bytes(32)), MONDAY, "VP").name,
    }
    assert len(others | {contact.name}) == 4
    assert planted_on(KEY, MONDAY, " VP ").name == contact.name


def test_addresses_are_hosts_of_the_documentation_range() -> None:
    parts = {
        int(one.address.removeprefix("192.0.2."))
        for one in planted_between(KEY, MONDAY, date(2028, 1, 1))
    }
    assert min(parts) >= 1
    assert max(parts) <= 254


def test_the_key_is_never_printed() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    assert repr(KEY.secret) not in repr(KEY)


def test_a_key_file_gives_the_key_again(tmp_path: Path) -> None:
    path = tmp_path / "planted.key"
    path.write_text(planted_key_text(KEY), encoding="utf-8")
    assert read_planted_key(path) == KEY
    assert read_planted_key(path, ["Kho"]).places == ("Kho",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "key = 7",
        'key = "zz"',
        'key = "00"',
        'key = "00112233445566778899aabbccddeeff"\nsince = 2026-11-30T08:00:00',
        'key = "00112233445566778899aabbccddeeff"\nplaces = "VP"',
        'key = "00112233445566778899aabbccddeeff"\nplaces = [""]',
        'key = "00112233445566778899aabbccddeeff"\nplaces = [1]',
        "[" * 5000,
        "\x00",
    ],
)
def test_a_damaged_key_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "planted.key"
    path.write_text(text)
    with pytest.raises(QuetsachError, match="E601"):
        read_planted_key(path)


def test_a_key_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name in ("none", "binary"):
        with pytest.raises(QuetsachError, match="E601"):
            read_planted_key(tmp_path / name)


def test_names_are_found_in_whatever_holds_them() -> None:
    name = planted_on(KEY, MONDAY, "VP").name
    for text in (
        name,
        name.upper(),
        f"http://{name}/x",
        f"{name}.",
        f'"{name}"',
        f"q: {name} IN A",
    ):
        assert planted_names_in(text) == [name], text
    for text in (
        f"a{name}",
        name.removeprefix("0"),
        f"x-{name}",
        f"{name}s",
        name.replace(".planted", "planted"),
    ):
        assert planted_names_in(text) == [], text
    assert planted_names_in(f"{name} {name}") == [name]


def test_the_file_of_names_is_plain_and_in_order() -> None:
    text = names_text(planted_between(KEY, MONDAY, date(2026, 12, 1), ["VP"]))
    lines = text.split("\r\n")
    assert lines[0] == "# quetsach-planted 1"
    assert lines[1].startswith("2026-11-30 0ae4601efed865d6.planted.quetsach.example 192.0.2.")
    assert text.isascii()


def test_five_days_of_a_week_are_working_days() -> None:
    assert [is_working_day(date(2026, 11, 30 - day)) for day in range(7)].count(True) == 5
    assert not is_working_day(date(2026, 11, 29))


def test_damaged_dates_and_bounds_end() -> None:
    assert len(list(planted_between(KEY, date(1, 1, 1), date(9999, 12, 31)))) == 8_000
    assert list(planted_between(KEY, MONDAY, date(2026, 11, 1))) == []
