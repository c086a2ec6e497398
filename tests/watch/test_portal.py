"""Only the portal that was named is asked, over TLS; what it answers is not trusted."""

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.watch.portal import ListAt, Portal, PortalAccess, RefusedError, list_in
from tests.watch.fake_portal import TOKEN, FakePortal, running


@pytest.mark.parametrize(
    "address", ["http://portal.example", "https://user:pass@portal.example", "portal.example", ""]
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(QuetsachError, match="E214"):
        Portal(PortalAccess(address, TOKEN))


def test_a_token_of_several_lines_is_refused() -> None:
    with pytest.raises(QuetsachError, match="E601"):
        Portal(PortalAccess("https://portal.example", "a\nb"))


def test_the_token_is_not_shown() -> None:
    assert TOKEN not in repr(PortalAccess("https://portal.example", TOKEN))


@pytest.mark.parametrize(
    "release",
    [None, 3, {}, {"digest": 1, "address": "/api/"}, {"digest": "", "address": "//evil.example"}],
)
def test_an_odd_list_is_none(release: object) -> None:
    assert list_in({"release": release}) is None


def test_what_it_says() -> None:
    with running(FakePortal(listed=b"bad.example\n")) as fake:
        portal = Portal(PortalAccess(fake.address + "/", TOKEN))
        (node,) = portal.nodes()
        at = list_in(node)
        assert at is not None
        assert portal.list_at(at) == b"bad.example\n"
        with pytest.raises(QuetsachError, match="E216"):
            portal.list_at(ListAt("00", at.path))
        assert Portal(PortalAccess(fake.address, TOKEN, node=8)).nodes() == []
        with pytest.raises(QuetsachError, match="E215"):
            Portal(PortalAccess(fake.address, "other")).nodes()
        fake.status = 422
        with pytest.raises(RefusedError, match="HTTP 422: no"):
            portal.heartbeat(7, {})
