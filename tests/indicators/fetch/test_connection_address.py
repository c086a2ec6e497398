"""The address that is asked: https, one host, no secret in it."""

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import followed, parse_target


def code(text: str) -> str:
    with pytest.raises(QuetsachError) as caught:
        parse_target(text)
    return caught.value.problem.code


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("https://TAXII.example", "https://taxii.example/"),
        ("https://taxii.example:443/api/?x=1", "https://taxii.example/api/?x=1"),
        ("https://taxii.example:8443/api/#part", "https://taxii.example:8443/api/"),
        ("https://[2001:db8::5]:8443/", "https://[2001:db8::5]:8443/"),
        ("http://127.0.0.1:5000/", "http://127.0.0.1:5000/"),
        ("http://[::1]/", "http://[::1]/"),
        ("http://localhost/", "http://localhost/"),
    ],
)
def test_an_address_has_one_written_form(text: str, written: str) -> None:
    assert str(parse_target(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        "http://taxii.example/",
        "http://203.0.113.7/",
        "http://127.0.0.1.example/",
        "ftp://taxii.example/",
        "file:///etc/passwd",
        "taxii.example",
        "https://",
        "https:///path",
        "https://taxii.example:99999/",
        "https://taxii.example:x/",
        "https://[::1/",
        "https://taxii.example/a b",
        "https://taxii.example/\r\nX-Other: 1",
        "https://taxii.example/\u1ea1",
        "https://taxii.example/" + "a" * 5000,
        "",
    ],
)
def test_what_is_no_safe_address_is_not_asked(text: str) -> None:
    assert code(text) == "E214"


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(QuetsachError) as caught:
        parse_target("https://unit:secret@taxii.example/")
    assert caught.value.problem.code == "E214"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "link", ["/b/", "c", "?next=1", "https://taxii.example/d", "//taxii.example"]
)
def test_a_link_on_the_same_host_is_followed(link: str) -> None:
    here = parse_target("https://taxii.example/a/")
    assert followed(link, here).origin == here.origin


@pytest.mark.parametrize(
    "link",
    [
        "https://other.example/",
        "//other.example/",
        "https://taxii.example:8443/",
        "https://taxii.example.other.example/",
        "http://taxii.example/",
        "https://taxii.example@other.example/",
        "javascript:alert(1)",
    ],
)
def test_a_link_to_any_other_is_not(link: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        followed(link, parse_target("https://taxii.example/a/"))
    assert caught.value.problem.code == "E214"
