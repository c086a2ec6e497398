"""Only a web address that a telephone can open comes into a code on paper."""

import pytest

from quetsach.documents.typeset.proof import LONGEST_LINK, checked_link
from quetsach.errors.exceptions import QuetsachError


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
