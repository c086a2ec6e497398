"""Channels: a real server of the test gets the text by Apprise; what fails is sent again."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.utils import timezone

from quetsach_portal.alerts import channels
from quetsach_portal.alerts.models import Alert, AlertChannel, ChannelMessage
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.alerts.alerted import alerted, channel_of, node
from tests.portal.cases.rows import RAW
from tests.portal.working import run_ready
from tests.portal.world import World


class Hook:
    """A server that keeps what it is sent and answers with `status`."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[tuple[str, dict[str, Any]]] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append((self.path, json.loads(body)))
                self.send_response(hook.status)
                self.send_header("Location", "/other")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://127.0.0.1:{self.server.server_port}/hook-secret"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def hook(settings) -> Iterator[Hook]:
    """The server, its address allowed."""
    settings.QUETSACH = replace(settings.QUETSACH, channel_hosts=("127.0.0.1",))
    hook = Hook()
    yield hook
    hook.server.shutdown()
    hook.server.server_close()


def run_again(message: ChannelMessage) -> ChannelMessage:
    """Run the next try of the message now."""
    Job.objects.filter(kind="alerts.send").update(run_after=timezone.now())
    run_ready()
    message.refresh_from_db()
    return message


def test_an_alert_reaches_the_channel_as_thin_as_the_mail(world: World, hook: Hook, sink) -> None:
    keeper = world.user("TC01", Role.FOCAL_POINT)
    channel = channels.add(world.units["TC01"], hook.url, actor=keeper)
    assert str(channel).endswith(": 127.0.0.1")
    assert "hook-secret" not in channel.secret
    (alert,) = alerted(world)
    run_ready()
    ((path, said),) = hook.got
    assert path.rstrip("/") == "/hook-secret"
    text = said["message"]
    assert alert.case.number in text
    assert "/alerts/" in text
    for secret in (alert.case.device.label, "xau.example", RAW, "/alert/"):
        assert secret not in text.replace("/alerts/", "")
    assert ChannelMessage.objects.get().state == "sent"
    assert len(sink.recipients()) == 1
    acts = AuditEvent.objects.filter(action__startswith="channel.")
    assert [act.action for act in acts] == ["channel.added"]
    assert "hook-secret" not in str([act.detail for act in acts])


def test_what_does_not_arrive_is_sent_again_for_a_day(world: World, hook: Hook) -> None:
    hook.status = 503
    channel_of(world, "TC01", hook.url)
    assert channels.send_to_channels(node(world, "TC01"), "x", key="a") == 1
    assert channels.send_to_channels(node(world, "TC01"), "x", key="a") == 0
    message = run_again(ChannelMessage.objects.get())
    assert (message.state, message.problem, message.tries) == ("queued", "status-503", 1)
    assert channels.problem_text(message.problem)
    waiting = Job.objects.get(key=f"alerts.send:{message.pk}:1")
    assert waiting.run_after > timezone.now() + timedelta(seconds=60)
    ChannelMessage.objects.update(made_at=timezone.now() - timedelta(hours=25))
    message = run_again(message)
    assert (message.state, message.tries, len(hook.got)) == ("failed", 2, 2)


@pytest.mark.asvs("V15.3.2")
def test_a_redirect_is_not_followed(world: World, hook: Hook) -> None:
    hook.status = 307
    channel_of(world, "TC01", hook.url)
    channels.send_to_channels(node(world, "TC01"), "x")
    assert run_again(ChannelMessage.objects.get()).state == "queued"
    assert [path.rstrip("/") for path, _said in hook.got] == ["/hook-secret"]


def test_what_was_answered_is_not_sent(world: World, hook: Hook) -> None:
    channel_of(world, "TC01", hook.url)
    alerted(world)
    Alert.objects.update(state="answered", answer="seen", answered_at=timezone.now())
    assert run_again(ChannelMessage.objects.get()).state == "not-needed"
    assert not hook.got


def test_syslog_gets_the_test(world: World, hook: Hook) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as heard:
        heard.bind(("127.0.0.1", 0))
        heard.settimeout(5)
        channel = channel_of(world, "TC01", f"rsyslog://127.0.0.1:{heard.getsockname()[1]}")
        channels.send_test(channel, actor=channel.added_by)
        run_ready()
        assert "quét sạch" in heard.recv(2000).decode()
    assert ChannelMessage.objects.get().state == "sent"
    channels.remove(channel, actor=channel.added_by)
    channel.refresh_from_db()
    assert (channel.secret, ChannelMessage.objects.count()) == ("", 0)
    assert channels.send_to_channels(node(world, "TC01"), "x") == 0


def test_what_is_not_allowed_is_not_added(world: World, hook: Hook) -> None:
    keeper = world.user("TC01", Role.FOCAL_POINT)
    for url in ("json://192.0.2.7/x", "mailto://a:b@c.example", f"{hook.url}?redirect=yes"):
        with pytest.raises(Refused):
            channels.add(world.units["TC01"], url, actor=keeper)
    assert not AlertChannel.objects.exists()
    for _number in range(channels.MOST_CHANNELS):
        channel = channel_of(world, "TC01", hook.url)
    with pytest.raises(Refused):
        channels.add(world.units["TC01"], hook.url, actor=keeper)
    AlertChannel.objects.exclude(pk=channel.pk).delete()
    AlertChannel.objects.update(secret="x")
    channels.send_to_channels(node(world, "TC01"), "x")
    message = run_again(ChannelMessage.objects.get())
    assert (message.state, message.problem) == ("failed", "key")
