"""The file of documents: it tells nothing of what it holds; codes as people type them."""

import json
from base64 import b64decode
from datetime import date
from pathlib import Path

import pytest

from quetsach_public.documents import (
    STANDS_FOR,
    code_in,
    day_in,
    plain_number,
    read_documents,
    write_documents,
)
from tests.public.made import NOW
from tests.public.papers import ALL, CODE


def test_the_file_tells_nothing_of_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "documents.json"
    write_documents(path, ALL, NOW)
    text = path.read_text()
    for secret in ("UBND", "05/BC", CODE, "valid", "replaced", "2022-09-05"):
        assert secret not in text
    content = json.loads(text)
    assert {len(b64decode(one)) % 64 for one in content["known"].values()} == {0}
    first = dict(content["known"])
    write_documents(path, ALL[1:], NOW)
    assert not first.keys() & json.loads(path.read_text())["known"].keys(), "a salt a file"


def test_what_says_the_same_is_left_alone_for_a_while(tmp_path: Path) -> None:
    path = tmp_path / "documents.json"
    write_documents(path, ALL, NOW)
    before = path.read_bytes()
    write_documents(path, reversed(ALL), NOW + STANDS_FOR / 2)
    assert path.read_bytes() == before
    write_documents(path, ALL, NOW + STANDS_FOR)
    assert read_documents(path).made_at == NOW + STANDS_FOR
    assert [one.name for one in tmp_path.iterdir()] == ["documents.json"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("5b2f 50a8 4b3f ae7c", CODE), ("５ｂ２ｆ50a84b3fae7c", CODE), ("x" * 16, ""), ("", "")],
)
def test_codes_as_people_type_them(typed: str, meant: str) -> None:
    assert code_in(typed) == meant


def test_days_and_numbers_as_people_type_them() -> None:
    assert day_in("5/9/2022") == day_in(" 05-09-2022 ") == date(2022, 9, 5).isoformat()
    assert [day_in(one) for one in ("0/0/0000", "2022", "1/1/99", "9" * 5000)] == [""] * 4
    assert plain_number("Số: 05/BC–UBND") == plain_number("5 / bc-ubnd") == "5/BC-UBND"
    assert [plain_number(one) for one in ("000", "0", "")] == ["0", "0", ""]
