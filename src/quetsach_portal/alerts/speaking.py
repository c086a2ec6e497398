"""Send one message by Apprise, in a program of its own that reaches no other host than allowed.

The portal starts it as `python -m quetsach_portal.alerts.speaking`, writes one question to it as
JSON and reads one answer: {"url", "hosts", "title", "text", "number"} -> {"kind", "host",
"problem"}. Without a text nothing is sent: it only says what the address is. Of Apprise (its
addresses are described at https://appriseit.com/services/) only what `SERVICES` has is loaded.
"""

import ipaddress
import json
import logging
import os
import re
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import requests
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.google_chat import NotifyGoogleChat
from apprise.plugins.mattermost import NotifyMattermost
from apprise.plugins.rsyslog import NotifyRSyslog
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram
from apprise.plugins.workflows import NotifyWorkflows

from quetsach.api.problems import QuetsachError
from quetsach.sandbox.contract import SandboxProfile
from quetsach.sandbox.shut_in import shut_in
from quetsach_portal.alerts.signed_webhook import SignedWebhook

SERVICES: Mapping[str, tuple[Any, str]] = {
    "json": (NotifyJSON, ""),
    "jsons": (NotifyJSON, ""),
    "hook": (SignedWebhook, ""),
    "hooks": (SignedWebhook, ""),
    "rsyslog": (NotifyRSyslog, ""),
    "tgram": (NotifyTelegram, "api.telegram.org"),
    "workflow": (NotifyWorkflows, ""),
    "workflows": (NotifyWorkflows, ""),
    "slack": (NotifySlack, "hooks.slack.com"),
    "discord": (NotifyDiscord, "discord.com"),
    "gchat": (NotifyGoogleChat, "chat.googleapis.com"),
    "mmost": (NotifyMattermost, ""),
    "mmosts": (NotifyMattermost, ""),
}
"""What an address may begin with: its class, and the host where that is always one."""

_NATIVE = ("workflows", "slack", "discord", "gchat")
_OPTIONS = {"api-version", "ver", "sp", "sv", "sig", "key", "token", "pa", "route"}
"""Others may read a file (`template`), follow redirects, or skip certificates (`verify`)."""

_MOST_MEMORY = 1 << 30
_NAMES, _WEB = 53, (80, 443)
CERTIFICATES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
"""The environment says in these where certificates lie."""

_HIDING = [
    ipaddress.ip_network(one)
    for one in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "::/96",
        "::ffff:0:0:0/96",
        "fec0::/10",
    )
]
"""Addresses that hold another one, which may be private; as `quetsach.api.feeds.HIDING`."""


class ChannelRefused(Exception):
    """The address is not used; the text is the code of why."""


def is_host_allowed(host: str, hosts: Sequence[str]) -> bool:
    """Return whether `hosts` holds this name, a ".suffix" of it, or a network of this address."""
    name = host.lower().rstrip(".")
    try:
        return _in_networks(ipaddress.ip_address(name.strip("[]")), hosts)
    except ValueError:
        return any(
            name == one or (one[:1] == "." and name.endswith(one)) for one in map(str.lower, hosts)
        )


def is_address_allowed(text: str, hosts: Sequence[str]) -> bool:
    """Return whether to connect to this address: a public one, or in a network of `hosts`."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(address, "ipv4_mapped", None) or address
    if _in_networks(inner, hosts):
        return True
    hides = any(inner in network for network in _HIDING)
    return inner.is_global and not inner.is_multicast and not hides


def _in_networks(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, hosts: Sequence[str]
) -> bool:
    for one in hosts:
        with suppress(ValueError):
            if address in ipaddress.ip_network(one, strict=False):
                return True
    return False


def service_of(url: str) -> tuple[str, str, Any]:
    """Return kind, host and Apprise's object of an address. Errors: ChannelRefused."""
    kind = url.partition("://")[0].strip().lower()
    try:
        kind, settings = (
            _native(url) if kind == "https" else (kind, SERVICES[kind][0].parse_url(url))
        )
    except KeyError:
        raise ChannelRefused("unknown") from None
    except QuetsachError:
        raise ChannelRefused("hook-key") from None
    if not settings:
        raise ChannelRefused("unknown")
    if any(name not in _OPTIONS and name[:1] not in "+:" for name in settings.get("qsd", {"": ""})):
        raise ChannelRefused("options")
    try:
        service = SERVICES[kind][0](**settings)
    except TypeError:
        raise ChannelRefused("unknown") from None
    return kind, SERVICES[kind][1] or str(service.host).lower(), service


def _native(url: str) -> tuple[str, Mapping[str, Any] | None]:
    """Return what an address means that was copied from the service itself."""
    for kind in _NATIVE:
        told = SERVICES[kind][0].parse_native_url(url)
        if told:
            return kind, told
    return "https", None


class _Guard:
    """Refuses, below Apprise and all that it uses, each host and address that is not allowed."""

    def __init__(self, hosts: Sequence[str]) -> None:
        self.hosts = hosts
        self.refused = ""

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.getaddrinfo":
            host = args[0].decode() if isinstance(args[0], bytes) else str(args[0])
            self._let_pass(is_host_allowed(host, self.hosts), "host")
        elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            end = args[1]
            is_net = isinstance(end, tuple) and is_address_allowed(str(end[0]), self.hosts)
            self._let_pass(is_net, "address")

    def _let_pass(self, is_allowed: bool, why: str) -> None:
        if not is_allowed:
            self.refused = self.refused or why
            raise PermissionError(why)


class _Heard(logging.Handler):
    """Keeps the status that a server answered with, and nothing else of what Apprise logs."""

    status = ""

    def emit(self, record: logging.LogRecord) -> None:
        status = re.search(r"\berror=([1-5]\d\d)\b", record.getMessage())
        self.status = f"status-{status[1]}" if status else self.status


def speak(question: Mapping[str, Any]) -> dict[str, str]:
    """Return kind, host and problem ("" when it was sent). Once called, the guard stays."""
    answer = {"kind": "", "host": "", "problem": ""}
    guard, heard = _Guard(question["hosts"]), _Heard()
    try:
        answer["kind"], answer["host"], service = service_of(question["url"])
        if not is_host_allowed(answer["host"], question["hosts"]):
            raise ChannelRefused("host")
        if question["text"]:
            # An allowed host must not send us on to another page either.
            sessions: Any = requests.Session
            sessions.get_redirect_target = lambda _session, _response: None
            logging.getLogger("apprise").addHandler(heard)
            sys.addaudithook(guard)
            if answer["kind"] == "rsyslog":
                # It would resolve the name by itself, out of the guard's sight.
                ends = socket.getaddrinfo(service.host, 514, socket.AF_INET, socket.SOCK_DGRAM)
                service.host = str(ends[0][4][0])
            if isinstance(service, SignedWebhook):
                service.number = question["number"]
            if not service.notify(body=question["text"], title=question["title"]):
                answer["problem"] = guard.refused or heard.status or "no-answer"
    except ChannelRefused as refused:
        answer["problem"] = str(refused)
    except OSError:
        answer["problem"] = guard.refused or "no-answer"
    return answer


def ports_of(url: str) -> set[int]:
    """Return the ports that a message to this address needs: its own, and that of name servers."""
    try:
        service = service_of(url)[2]
    except ChannelRefused:
        return set()
    return {_NAMES, service.port} if service.port else {_NAMES, *_WEB}


def _bound(url: str) -> None:
    """Bound what a server can make this program keep and reach."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    certificates = [os.environ[name] for name in CERTIFICATES if name in os.environ]
    shut_in(certificates, profile=SandboxProfile.SENDER, ports=ports_of(url))


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    _bound(asked["url"])
    said = speak(asked)
    sys.stdout.write(json.dumps(said))
