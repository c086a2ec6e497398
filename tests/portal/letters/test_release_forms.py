"""Forms of letters that are signed, arrive or go out."""

import pytest

from quetsach_portal.letters.recipients import DeliveryChannels, OnPaper
from quetsach_portal.letters.release_forms import (
    LetterNumberForm,
    LetterReleaseForm,
    LetterSignerForm,
    OutsideForm,
)

NUMBERED = {
    "number": "5",
    "code": " ubnd-th ",
    "signed_on": "2022-09-12",
    "signer_name": "Tăng Thị Thắm",
    "signer_post": "Phó Chủ tịch",
    "capacity": "KT.",
    "capacity_of": "Chủ tịch",
}


@pytest.mark.parametrize(
    ("changed", "flaw"),
    [
        ({}, ""),
        ({"capacity": "", "capacity_of": ""}, ""),
        ({"capacity_of": ""}, "capacity_of"),
        ({"capacity": "XX."}, "capacity"),
        ({"number": "0"}, "number"),
        ({"number": "1000000"}, "number"),
        ({"signed_on": "31/2/2022"}, "signed_on"),
        ({"code": "A" * 41}, "code"),
        ({"contact": "x" * 71}, "contact"),
        ({"urgency": "soon"}, "urgency"),
    ],
)
def test_a_number_is_taken_or_refused_beside_its_field(changed: dict[str, str], flaw: str) -> None:
    form = LetterNumberForm({**NUMBERED, **changed}, signer_is_known=False)
    assert set(form.errors) == ({flaw} if flaw else set())
    if not flaw:
        signing = form.signing()
        assert (signing.number, signing.code) == (5, "UBND-TH")


def test_a_repeated_number_is_asked_about_only_after_a_warning() -> None:
    assert "repeat_is_meant" not in LetterNumberForm(signer_is_known=False).fields
    assert "repeat_is_meant" in LetterNumberForm(NUMBERED, signer_is_known=False).fields


def test_who_signs_is_asked_once_before_the_number_or_with_it() -> None:
    assert "signer_name" not in LetterNumberForm(signer_is_known=True).fields
    signer = LetterSignerForm(NUMBERED)
    assert signer.is_valid()
    assert not {"number", "code", "signed_on"} & set(signer.fields)
    assert (signer.names().signer_name, signer.names().capacity) == ("Tăng Thị Thắm", "KT.")


def test_a_letter_from_outside_needs_its_number_and_days() -> None:
    assert set(OutsideForm({}).errors) == {
        "issuer_name",
        "number",
        "code",
        "signed_on",
        "subject",
        "arrived_on",
    }


@pytest.mark.parametrize("on_paper", OnPaper)
def test_ways_are_those_that_were_chosen(on_paper: OnPaper) -> None:
    form = LetterReleaseForm({"on_paper": on_paper.value})
    assert form.is_valid()
    assert form.ways() == DeliveryChannels(by_mail=False, on_paper=on_paper)
