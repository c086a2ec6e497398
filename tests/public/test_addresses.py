"""R3, R4: only the own address is asked for, and a header counts from the own proxy alone."""

import pytest

from quetsach_public.addresses import calling, is_from_proxy, proxies_of, spelled

PROXIES = proxies_of("127.0.0.1, 10.0.0.0/8,2001:db8:ffff::/64")


def asked(remote: str, forwarded: str | None = None, **more: str) -> str | None:
    environ = {"REMOTE_ADDR": remote, **more}
    if forwarded is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    caller = calling(environ, PROXIES)
    return None if caller is None else spelled(caller)


@pytest.mark.asvs("V15.3.4")
@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.9", "192.0.2.1"),
        ("127.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.9", "198.51.100.9"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.9, 10.1.1.1", "198.51.100.9"),
        ("::ffff:127.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("2001:db8:ffff::1", "2001:db8:5:6::7", "2001:db8:5:6::/64"),
        ("127.0.0.1", "198.51.100.9, nonsense", None),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "10.0.0.7", "10.0.0.7"),
        ("", None, None),
        ("127.0.0.1", "1.2.3.4," * 100_000 + " 198.51.100.9", "198.51.100.9"),
    ],
)
def test_R4_whose_address_it_is(remote: str, forwarded: str | None, address: str | None) -> None:
    assert asked(remote, forwarded) == address


def test_R4_other_headers_and_queries_say_nothing() -> None:
    more = {
        "HTTP_X_REAL_IP": "198.51.100.9",
        "HTTP_FORWARDED": "for=198.51.100.9",
        "HTTP_CF_CONNECTING_IP": "198.51.100.9",
        "QUERY_STRING": "ip=198.51.100.9",
    }
    assert asked("127.0.0.1", **more) == "127.0.0.1"
    assert asked("192.0.2.1", **more) == "192.0.2.1"


def test_without_proxies_no_header_counts() -> None:
    environ = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.9"}
    caller = calling(environ, proxies_of(""))
    assert caller is not None
    assert spelled(caller) == "127.0.0.1"


def test_R4_who_came_by_the_own_proxy_is_told_by_the_connection_alone() -> None:
    for remote in ("127.0.0.1", "127.0.0.1", "10.0.0.7", "2001:db8:ffff::1"):
        assert is_from_proxy({"REMOTE_ADDR": remote}, PROXIES)
    forwarded = {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}
    for remote in ("192.0.2.1", "2001:db8::1", "", "nonsense"):
        assert not is_from_proxy({"REMOTE_ADDR": remote, **forwarded}, PROXIES)
