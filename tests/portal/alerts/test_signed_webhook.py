"""Signed webhooks as a channel: the receiver verifies them as docs/push.md says."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quetsach_portal.alerts import channels
from quetsach_portal.alerts.models import ChannelMessage
from quetsach_portal.alerts.signed_webhook import SignedWebhook
from quetsach_portal.alerts.speaking import ChannelRefused, service_of
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.alerts.alerted import alerted, channel_of
from tests.portal.cases.rows import RAW
from tests.portal.working import run_ready
from tests.portal.world import World

SECRET = "whsec_c2VjcmV0K29mL2F0LWxlYXN0LTI0LWJ5dGVz/+8="
PAGE = Path(__file__).parents[3] / "docs" / "push.md"


def documented_receiver() -> Any:
    names: dict[str, Any] = {}
    exec(PAGE.read_text("utf-8").partition("```python\n")[2].partition("```")[0], names)
    return names["verified"]


@dataclass
class Receiver:
    """A receiver of signed webhooks: it answers 401 to what is not signed with SECRET."""

    url: str = ""
    status: int = 204
    numbers: list[str] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.QUETSACH = replace(settings.QUETSACH, channel_hosts=("127.0.0.1",))
    receiver, verified = Receiver(), documented_receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.status
            try:
                receiver.messages.append(verified(self.headers, body, SECRET))
                receiver.numbers.append(self.headers["webhook-id"])
            except ValueError:
                status = 401
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"hook://127.0.0.1:{server.server_port}/in?key="
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield receiver
    server.shutdown()
    server.server_close()


def test_an_alert_reaches_a_receiver_that_checks_signatures(
    world: World, receiver: Receiver
) -> None:
    keeper = world.user("TC01", Role.FOCAL_POINT)
    channel = channels.add(world.units["TC01"], receiver.url + SECRET, actor=keeper)
    assert (channel.kind, channel.host) == ("hook", "127.0.0.1")
    (alert,) = alerted(world)
    receiver.status = 503
    run_ready()
    receiver.status = 204
    Job.objects.filter(kind="alerts.send").update(run_after=timezone.now())
    run_ready()
    first, second = receiver.messages
    # Sent again it is known by the same number, so that a receiver leaves it out.
    assert len(set(receiver.numbers)) == 1
    assert first["data"] == second["data"]
    assert first["type"] == "quetsach.alert"
    text = first["data"]["message"]
    assert alert.case.number in text
    for secret in (alert.case.device.label, "xau.example", RAW):
        assert secret not in json.dumps(first, ensure_ascii=False)
    assert ChannelMessage.objects.get().state == "sent"


def test_a_receiver_with_another_key_refuses_and_that_is_told(
    world: World, receiver: Receiver
) -> None:
    channel_of(world, "TC01", receiver.url + "whsec_" + "AAAA" * 8)
    alerted(world)
    run_ready()
    assert not receiver.messages
    assert ChannelMessage.objects.get().problem == "status-401"


def test_a_key_that_is_short_is_refused_when_it_is_added(world: World, receiver: Receiver) -> None:
    keeper = world.user("TC01", Role.FOCAL_POINT)
    for key in ("", "short", "whsec_c2hvcnQ="):
        with pytest.raises(Refused, match="24"):
            channels.add(world.units["TC01"], receiver.url + key, actor=keeper)


@pytest.mark.parametrize(
    "url", ["hooks://", "hooks://a:b@h.example/?key=" + "k" * 24, "hooks://h:x/"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ChannelRefused, match="unknown"):
        service_of(url)


def test_an_option_that_is_not_ours_is_refused() -> None:
    with pytest.raises(ChannelRefused, match="options"):
        service_of(f"hooks://h.example/?verify=no&key={SECRET}")


def test_the_host_is_what_will_be_asked() -> None:
    kind, host, service = service_of(f"hooks://Hook.Example:8443/in?key={SECRET}")
    assert (kind, host, service.port) == ("hooks", "hook.example", 8443)
    assert isinstance(service, SignedWebhook)
