"""The proof at the foot of each page: digits, what fits beside the code, its link."""

import pytest

from quetsach.documents.typeset.content import TextFitter
from quetsach.documents.typeset.proof import (
    LONGEST_LINK,
    DocumentProof,
    checked_link,
    contact_flaws,
    proof_flaws,
    proof_of,
)
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import in_language

DIGEST = "0123456789abcdef" * 4
PROOF = DocumentProof(DIGEST, "portal.example/check", "https://portal.example/check/")


def test_the_first_16_digits_are_told_with_a_version_where_there_is_one() -> None:
    letter = proof_of(PROOF, TextFitter(), coded=False)
    report = proof_of(PROOF, TextFitter(), coded=True, version=2)
    assert letter is not None
    assert report is not None
    assert letter.lines == (
        "Mã kiểm tra: 0123456789abcdef",
        "Kiểm tra tại: portal.example/check",
    )
    assert (letter.payload, report.payload) == ("", PROOF.payload)
    assert report.lines[0] == "Mã kiểm tra: 0123456789abcdef (phiên bản 2)"
    assert proof_of(None, TextFitter(), coded=True) is None


def test_what_is_no_digest_or_too_much_for_a_code_is_refused() -> None:
    assert list(proof_flaws(PROOF)) == list(proof_flaws(None)) == []
    for wrong in (
        DocumentProof("x"),
        DocumentProof(DIGEST, "p" * 81),
        DocumentProof(DIGEST, "", "\n"),
    ):
        assert len(list(proof_flaws(wrong))) == 1


def test_an_address_is_short_and_shorter_still_beside_a_code() -> None:
    with in_language("en"):
        wide = ("M" * 60,)
        assert list(contact_flaws(wide, None)) == []
        assert "beside the code" in next(contact_flaws(wide, PROOF))
        assert "lines of" in next(contact_flaws(("a", "b", "c"), None))


@pytest.mark.parametrize(
    "link", ["https://portal.example/n/a?b=c#d", "http://192.0.2.1:8000/x", "https://xã.example/"]
)
def test_an_address_is_given_back_as_it_is(link: str) -> None:
    assert checked_link(link) == link


@pytest.mark.parametrize(
    "link",
    [
        "",
        "portal.example",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://[::1",
        "https://a.example/\nx",
        "https://a.example/ x",
        "https://a.example/\u202e",
        "https://a.example/" + "x" * LONGEST_LINK,
    ],
)
def test_anything_else_is_refused(link: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        checked_link(link)
    assert caught.value.problem.code == "E409"
