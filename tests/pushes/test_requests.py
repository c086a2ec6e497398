"""Requests of a push: what may pass is tried again, later and later, and nothing else is."""

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import parse_target
from quetsach.pushes.requests import PushClient
from tests.indicators.fetch.servers import Asked, Said, serving
from tests.pushes.doubles import Faulty
from tests.pushes.pushed import Waited


def client(address: str, waited: Waited, **more: float) -> PushClient:
    return PushClient(parse_target(address), {"X-Key": "secret"}, waited.patience(**more)())


def test_waits_grow_and_vary() -> None:
    waited = Waited()
    patience = waited.patience()()
    assert [patience.again(tried) for tried in (1, 2, 3, 4, 5)] == [True] * 4 + [False]
    for wait_s, wanted_s in zip(waited.waits, (1, 2, 4, 8), strict=True):
        assert 0.75 * wanted_s <= wait_s <= 1.25 * wanted_s
    other = Waited()
    again = other.patience()()
    assert again.again(1)
    assert other.waits[0] != waited.waits[0]


def test_each_try_is_signed_anew() -> None:
    signs = iter(("one", "two"))
    with serving(Faulty(lambda _asked: Said(b"{}"), [503])) as server:
        client(server.address, Waited()).post("/x", b"{}", lambda: {"X-Sign": next(signs)})
    assert [asked.headers["x-sign"] for asked in server.asked] == ["one", "two"]
    assert {asked.headers["x-key"] for asked in server.asked} == {"secret"}


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422])
def test_an_answer_that_stays_is_asked_for_once(status: int) -> None:
    waited = Waited()
    with serving(lambda _asked: Said(b"{}", status)) as server:
        assert client(server.address, waited).post("/x", b"{}").status == status
    assert (len(server.asked), waited.waits) == (1, [])


@pytest.mark.parametrize("asked_for", ["soon", "-5", "Wed, 21 Oct 2026 07:28:00 GMT", "٣"])
def test_a_wait_that_is_no_number_of_seconds_is_ours(asked_for: str) -> None:
    waited = Waited()
    headers = {"Retry-After": asked_for.encode("ascii", "replace").decode()}
    with serving(Faulty(lambda _asked: Said(b"{}"), [429], headers)) as server:
        client(server.address, waited).post("/x", b"{}")
    assert waited.waits[0] < 2


def test_a_server_may_not_ask_for_hours() -> None:
    waited = Waited()
    with serving(Faulty(lambda _asked: Said(b"{}"), [429], {"Retry-After": "86400"})) as server:
        client(server.address, waited).post("/x", b"{}")
    assert waited.waits == [60]


def test_a_redirect_on_the_same_host_is_not_followed_and_names_no_path() -> None:
    def answer(asked: Asked) -> Said:
        return Said(b"", 302, {"Location": f"http://{asked.headers['host']}/other-secret"})

    with serving(answer) as server, pytest.raises(QuetsachError, match="E216") as raised:
        client(f"{server.address}/secret", Waited()).post("/secret", b"{}")
    assert "secret" not in str(raised.value)
    assert len(server.asked) == 1


def test_an_error_names_no_path() -> None:
    nonsense = Said(raw=b"nonsense\r\n\r\n")
    with serving(lambda _asked: nonsense) as server, pytest.raises(QuetsachError) as raised:
        client(f"{server.address}/secret", Waited()).post("/secret", b"{}")
    assert "secret" not in str(raised.value)
