"""The sending body: only what is known, nothing misspelled in silence."""

import pytest

from quetsach.avreport.message import read_organ
from quetsach.errors.exceptions import QuetsachError

GOOD = 'organ_id = "000.00.00.H84"\norgan_name = "Sở KH&CN"\n'


def test_sender_has_the_names_of_the_message() -> None:
    told = read_organ((GOOD + 'email = "a@so.example"\nfax = " "\n').encode(), "o.toml")
    assert told == {"OrganId": "000.00.00.H84", "OrganName": "Sở KH&CN", "Email": "a@so.example"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "organ_id",
        GOOD + 'organ_adress = "x"',
        GOOD + "email = 5",
        GOOD.replace("organ_name", "address"),
        GOOD + 'email = "' + "x" * 1000 + '"',
        "x = " + "[" * 10_000,
        "x = " + "9" * 5_000,
        "#" * 100_000,
    ],
)
def test_what_is_not_sound_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(QuetsachError) as error:
        read_organ(text.encode(), "o.toml")
    assert error.value.problem.code == "E441"
    assert error.value.problem.facts["reason"]


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(QuetsachError):
        read_organ(b'organ_id = "\xff\xfe"', "o.toml")
