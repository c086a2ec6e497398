"""Receivers take batches of the size that they name."""

from quetsach.indicators.fetch.connection import parse_target
from quetsach.pushes.contract import PushReceiver
from quetsach.pushes.elastic import ElasticReceiver
from quetsach.pushes.misp import MispReceiver
from quetsach.pushes.requests import Patience, PushClient
from quetsach.pushes.syslog import SyslogTarget, syslog_address
from quetsach.pushes.webhook import WebhookTarget


def test_each_receiver_takes_more_than_one_and_not_without_end() -> None:
    client = PushClient(parse_target("https://a.example/x"), {}, Patience())
    receivers: list[PushReceiver] = [
        MispReceiver(client),
        ElasticReceiver(client, Patience()),
        WebhookTarget(client, b"k" * 24, "here"),
        SyslogTarget(syslog_address("udp://10.0.0.5"), Patience(), "here", "1"),
    ]
    assert all(1 < receiver.most_at_once <= 1000 for receiver in receivers)
