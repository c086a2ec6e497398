"""Addresses that hide whose they are are refused."""

import pytest

from quetsach_portal.publishing.tools.queries import flaw_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "http://sen.example/tai-ve",
        "https://bit.ly/3abc",
        "https://www.bit.ly/3abc",
        "https://drive.google.com/file/d/1",
        "https://zalo.me/g/abc",
        "https://192.0.2.1/sen.exe",
        "https://[2001:db8::1]/",
        "https://sen.example:8443/",
        "https://sen@evil.example/",
        "https://sẹn.example/",
        "https://xn--sn-0ja.example/",
        "https://sen",
        "javascript:alert(1)",
        "https://sen.example/ a",
        "https://[",
        "https://@sen.example/",
        "https://bom.so/AbC",
        "https://s.net.vn/x",
        "https://rutgon.me/x",
        "https://goo.su/x",
        "https://zaloapp.com/x",
        "https://sites.google.com/view/x",
        "https://storage.googleapis.com/b/x.exe",
        "https://s3.amazonaws.com/b/x.exe",
        "https://b.s3.ap-southeast-1.amazonaws.com/x.exe",
        "https://sen.github.io/",
        "https://objects.githubusercontent.com/x",
        "https://sen.blogspot.com/",
        "https://sen.pages.dev/",
        "https://sen.web.app/",
        "https://www.google.com/url?q=https://evil.example",
        "https://sen.example/go?to=https%3A%2F%2Fevil.example",
        "https://sen.example/go?to=//evil.example",
        "https://sen.example/go?//evil.example",
        "https://gov.vn/",
        "https://hanoi.vn/",
        "https://sen.duckdns.org/",
        "https://sen.surge.sh/",
    ],
)
def test_an_address_that_hides_where_it_leads_is_refused(address: str) -> None:
    assert flaw_of(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://sen.example/tai-ve",
        "https://www.sen.example:443/",
        "https://github.com/sen/scan/releases?lang=vi",
    ],
)
def test_the_makers_own_page_is_taken(address: str) -> None:
    assert flaw_of(address) == ""
