"""The program that alone reaches channels: what it takes as an address, and what it lets pass."""

import pytest

from quetsach_portal.alerts.speaking import (
    ChannelRefused,
    _Guard,
    is_address_allowed,
    is_host_allowed,
    service_of,
    speak,
)

LOGIC = (
    "https://prod-01.southeastasia.logic.azure.com:443/workflows/{}/triggers/manual/paths/invoke"
)


@pytest.mark.parametrize(
    ("url", "kind", "host"),
    [
        ("jsons://chat.tinh.example/a?+X-Key=1", "jsons", "chat.tinh.example"),
        ("rsyslog://[2001:db8::5]/local1", "rsyslog", "[2001:db8::5]"),
        ("rsyslog://log.tinh.example:1514", "rsyslog", "log.tinh.example"),
        ("tgram://123456789:ABCdefghijklmnopqrstuvwxyz012345678/42", "tgram", "api.telegram.org"),
        (
            LOGIC.format("a" * 32) + "?api-version=2016-06-01&sp=%2Frun&sv=1.0&sig=" + "b" * 43,
            "workflows",
            "prod-01.southeastasia.logic.azure.com",
        ),
        (
            "https://hooks.slack.com/services/T0123ABCD/B0123ABCD/" + "c" * 24,
            "slack",
            "hooks.slack.com",
        ),
        ("https://discord.com/api/webhooks/123456/" + "d" * 64, "discord", "discord.com"),
    ],
)
def test_addresses_of_services(url: str, kind: str, host: str) -> None:
    assert service_of(url)[:2] == (kind, host)


@pytest.mark.parametrize(
    "url", ["", "x", "https://chat.tinh.example/a", "mailto://a@b.example", "file:///etc/passwd"]
)
def test_what_is_no_channel(url: str) -> None:
    with pytest.raises(ChannelRefused, match="unknown"):
        service_of(url)


@pytest.mark.parametrize("option", ["redirect=yes", "verify=no", "template=/etc/passwd", "cto=900"])
def test_options_that_reach_further_are_refused(option: str) -> None:
    for kind in ("jsons://h.example/a/", "workflows://h.example/" + "a" * 32 + "/" + "b" * 43):
        with pytest.raises(ChannelRefused, match="options"):
            service_of(f"{kind}?{option}")


def test_hosts_are_allowed_by_name_suffix_and_network() -> None:
    hosts = ["api.telegram.org", ".tinh.example", "10.1.0.0/16"]
    for allowed in ("API.telegram.org.", "chat.tinh.example", "10.1.2.3"):
        assert is_host_allowed(allowed, hosts)
    for other in ("xapi.telegram.org", "tinh.example", "10.2.0.1", "169.254.169.254", "[::1]", ""):
        assert not is_host_allowed(other, hosts)


@pytest.mark.asvs("V1.3.6")
def test_private_addresses_need_their_network() -> None:
    assert is_address_allowed("149.154.167.220", [])
    assert is_address_allowed("::ffff:10.1.2.3", ["10.1.0.0/16"])
    private = ("10.1.2.3", "127.0.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:10.1.2.3")
    hiding = ("64:ff9b::a01:203", "64:ff9b:1::1", "2002:a01:203::1", "::10.1.2.3", "fec0::1")
    for text in (*private, *hiding, "::ffff:0:10.1.2.3", "224.0.0.1", "0.0.0.0", "x"):
        assert not is_address_allowed(text, ["chat.tinh.example"])


def test_the_guard_stands_below_apprise() -> None:
    guard = _Guard(["chat.tinh.example"])
    guard("socket.getaddrinfo", ("chat.tinh.example", 443, 0, 0, 0))
    guard("socket.connect", (None, ("149.154.167.220", 443)))
    for event, args, why in (
        ("socket.getaddrinfo", (b"evil.example", 443, 0, 0, 0), "host"),
        ("socket.connect", (None, ("10.0.0.1", 443)), "address"),
        ("socket.sendto", (None, ("chat.tinh.example", 514)), "address"),
        ("socket.connect", (None, "/run/docker.sock"), "address"),
    ):
        guard.refused = ""
        with pytest.raises(PermissionError):
            guard(event, args)
        assert guard.refused == why


def test_without_a_text_nothing_is_sent() -> None:
    question = {"url": "jsons://chat.tinh.example/a", "hosts": [], "title": "", "text": ""}
    assert speak(question) == {"kind": "jsons", "host": "chat.tinh.example", "problem": "host"}
    assert speak({**question, "hosts": [".tinh.example"]})["problem"] == ""
