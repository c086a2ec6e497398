"""Sites of everybody are known, and customers of theirs are not taken for them."""

from quetsach.indicators.text.stance import (
    is_address_service,
    is_for_everybody,
    is_source,
    is_whole_service,
)


def test_pages_to_read_on_are_sources() -> None:
    assert is_source("www.virustotal.com")
    assert is_source("khonggianmang.vn")
    assert not is_source("notvirustotal.com")


def test_a_customer_of_a_service_is_not_the_service() -> None:
    assert is_whole_service("github.com")
    assert is_whole_service("storage.googleapis.com")
    assert not is_whole_service("somebody.github.io")
    assert not is_whole_service("ec2-203-0-113-7.us-east-2.compute.amazonaws.com")


def test_services_that_tell_an_address_and_those_of_offices_are_known() -> None:
    assert is_address_service("api.ipify.org")
    assert is_for_everybody("aws.amazon.com")
    assert not is_for_everybody("amazon.com.evil.example")
