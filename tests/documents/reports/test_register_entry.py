"""The register's entry: the decree's fields and lengths, and numbers that stand twice."""

import json
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest

from quetsach.documents.reports.register_entry import (
    LABELS,
    Addressee,
    DocumentIdentity,
    RegisterEntry,
    checked_entry,
    entry_json,
    entry_problems,
    entry_xml,
    repeated_problem,
    same_in_register,
)
from quetsach.errors.exceptions import QuetsachError
from tests.documents.letters import DECOMPOSED, HOSTILE

ENTRY = RegisterEntry(
    body="Ủy ban nhân dân\nhuyện Trà Cú",
    type_name="Báo cáo",
    subject="Kết quả Chiến dịch",
    organ_id="000.00.24.H59",
    catalog=2022,
    file_notation="CNTT",
    ordinal=12,
    number=5,
    notation="BC-UBND",
    issued=date(2022, 9, 5),
    pages=3,
    description="-",
    signer_post="Phó Chủ tịch",
    signer_name="Nguyễn Văn A",
    addressees=(Addressee("Sở A", "000.00.01.H59"), Addressee("Sở B")),
    priority=1,
    copies=4,
    due=date(2022, 9, 29),
)
# Each field of the decree: how to fill it, and how many characters it holds.
TEXTS = {
    "organ_id": 13,
    "file_notation": 20,
    "type_name": 100,
    "notation": 30,
    "body": 200,
    "subject": 500,
    "language": 30,
    "description": 500,
    "signer_post": 100,
    "signer_name": 50,
}
NUMBERS = {"catalog": 4, "ordinal": 3, "pages": 3, "copies": 3, "priority": 1, "number": 11}


def changed(name: str, value: Any) -> RegisterEntry:
    return replace(ENTRY, **{name: value})


def test_xml_has_the_fields_in_the_order_of_the_decree() -> None:
    root = ElementTree.fromstring(entry_xml(ENTRY))
    assert [one.tag for one in root] == [
        "FileCode", "DocOrdinal", "TypeName", "CodeNumber", "CodeNotation", "IssuedDate",
        "OrganName", "Subject", "Language", "PageAmount", "Description", "SignerInfo", "To", "To",
        "Priority", "IssuedAmount", "DueDate",
    ]  # fmt: skip
    assert root.findtext("OrganName") == "Ủy ban nhân dân huyện Trà Cú"
    assert root.findtext("CodeNumber") == "05"
    assert root.findtext("IssuedDate") == "05/09/2022"
    assert [one.tag for one in root.iter("To")] == ["To", "To"]


def test_json_says_the_same() -> None:
    told = json.loads(entry_json(ENTRY))
    root = ElementTree.fromstring(entry_xml(ENTRY))
    for name, value in told.items():
        found = root.findall(name)
        for one, other in zip(found, value if isinstance(value, list) else [value], strict=True):
            shown = {part.tag: part.text for part in one} if len(one) else one.text
            assert shown == other


def test_what_is_not_known_stays_out() -> None:
    told = json.loads(entry_json(RegisterEntry("Đơn vị", "Báo cáo", "Kết quả", notation="....")))
    assert set(told) == {"TypeName", "OrganName", "Subject", "Language", "Priority"}


@pytest.mark.parametrize(("name", "most"), TEXTS.items())
def test_a_text_as_long_as_the_decree_allows_fits_and_a_longer_one_is_named(
    name: str, most: int
) -> None:
    assert entry_problems(changed(name, "ạ" * most)) == ()
    (problem,) = entry_problems(changed(name, "ạ" * (most + 1)))
    assert problem.code == "E461"
    assert (problem.facts["length"], problem.facts["most"]) == (most + 1, most)
    with pytest.raises(QuetsachError):
        entry_xml(changed(name, "ạ" * (most + 1)))
    with pytest.raises(QuetsachError):
        entry_json(changed(name, "ạ" * (most + 1)))


@pytest.mark.parametrize(("name", "most"), NUMBERS.items())
def test_a_number_of_as_many_digits_as_the_decree_allows_fits(name: str, most: int) -> None:
    assert entry_problems(changed(name, 10**most - 1)) == ()
    assert [one.code for one in entry_problems(changed(name, 10**most))] == ["E461"]


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_less_than_0_is_named(name: str) -> None:
    assert [one.code for one in entry_problems(changed(name, -1))][-1] in ("E461", "E463")


def test_minus_1_is_told_apart_from_too_long() -> None:
    assert [one.code for one in entry_problems(changed("pages", -1))] == ["E463"]


def test_addressees_are_measured_too_and_all_problems_are_told() -> None:
    long = changed("addressees", (Addressee("x" * 201), Addressee("y", "z" * 14)))
    problems = entry_problems(replace(long, subject="s" * 501))
    assert [one.where for one in problems] == ["Subject", "OrganName", "OrganId"]
    with pytest.raises(QuetsachError) as caught:
        checked_entry(long)
    assert caught.value.problem.where == "OrganName"


def test_decomposed_letters_are_counted_as_they_are_read() -> None:
    assert entry_problems(changed("signer_name", DECOMPOSED * 5)) == ()
    assert "Xã Tập Sơn" in entry_xml(changed("body", DECOMPOSED)).decode()


@pytest.mark.parametrize("text", [*HOSTILE, "a\x01b", "\ud800", "\U0001f600", "<!DOCTYPE x>"])
def test_D3_any_text_gives_xml_that_can_be_read_back(text: str) -> None:
    root = ElementTree.fromstring(entry_xml(changed("subject", text)))
    told = json.loads(entry_json(changed("subject", text)))["Subject"]
    assert root.findtext("Subject") == told
    if text in HOSTILE:
        assert told == text


def test_D6_the_same_entry_has_the_same_bytes() -> None:
    assert entry_xml(ENTRY) == entry_xml(replace(ENTRY))
    assert entry_json(ENTRY) == entry_json(replace(ENTRY))


GIVEN = DocumentIdentity(5, "BC-UBND", "Ủy ban nhân dân huyện Trà Cú", date(2022, 9, 28))


@pytest.mark.parametrize(
    "other",
    [
        replace(GIVEN, issued=date(2022, 1, 3)),
        replace(GIVEN, issued=None),
        replace(GIVEN, notation="bc - ubnd"),
        replace(GIVEN, body="Ủy ban nhân dân\nhuyện  TRÀ CÚ"),
    ],
)
def test_number_code_and_issuer_that_repeat_are_found(other: DocumentIdentity) -> None:
    assert same_in_register(GIVEN, [replace(GIVEN, number=4), other]) == other
    problem = repeated_problem(GIVEN, [other])
    assert problem is not None
    assert problem.code == "E462"
    assert problem.where == "05/BC-UBND"


@pytest.mark.parametrize(
    "other",
    [
        replace(GIVEN, number=6),
        replace(GIVEN, notation="KH-UBND"),
        replace(GIVEN, body="Ủy ban nhân dân xã Trà Cú"),
        replace(GIVEN, issued=date(2023, 9, 28)),
    ],
)
def test_another_number_code_issuer_or_year_is_another_document(other: DocumentIdentity) -> None:
    assert same_in_register(GIVEN, [other]) is None
    assert repeated_problem(GIVEN, [other]) is None


def test_every_field_that_has_a_length_has_its_words() -> None:
    too_long = dict.fromkeys(TEXTS, "x" * 600)
    too_much = dict.fromkeys(NUMBERS, 10**12)
    entry = replace(ENTRY, addressees=(), **too_long, **too_much)
    assert {one.where for one in entry_problems(entry)} == set(LABELS)
