"""The syslog of a server: DHCP messages, packets and the questions of dnsmasq."""

import pytest

from quetsach.formats.shared.server_syslog import read_dnsmasq_query


@pytest.mark.parametrize(
    ("message", "kind", "client", "port"),
    [
        ("dnsmasq[1]: query[A] bad.example from 10.20.3.41", "A", "10.20.3.41", None),
        ("dnsmasq: query[AAAA] bad.example from 10.20.3.41", "AAAA", "10.20.3.41", None),
        (
            "dnsmasq[1]: query[type=65] bad.example from 2001:db8::41",
            "type=65",
            "2001:db8::41",
            None,
        ),
        (
            "dnsmasq[1]: 7 10.20.3.41/5000 query[A] bad.example from 10.20.3.41",
            "A",
            "10.20.3.41",
            5000,
        ),
    ],
)
def test_a_question_names_its_client(
    message: str, kind: str, client: str, port: int | None
) -> None:
    question = read_dnsmasq_query(message)
    assert question is not None
    assert question["event.dataset"] == "dnsmasq.query"
    assert (question["dns.question.name"], question["dns.question.type"]) == ("bad.example", kind)
    assert (question["source.ip"], question.get("source.port")) == (client, port)


@pytest.mark.parametrize(
    "message",
    [
        "dnsmasq[1]: query[A] a from 10.0.0.9 from 10.20.3.41",
        "dnsmasq[1]: query[A] bad.example from 10.20.3.410",
        "dnsmasq[1]: query[A] bad.example from 10.20.3.41 ...",
        "dnsmasq[1]: 7 10.20.3.42/5000 query[A] bad.example from 10.20.3.41",
        "dnsmasq[1]: forwarded bad.example to 192.0.2.53",
        "dnsmasq[1]: reply bad.example is 203.0.113.77",
        "app: dnsmasq[1]: query[A] bad.example from 10.20.3.41",
    ],
)
def test_a_line_that_does_not_name_its_client_is_no_question(message: str) -> None:
    assert read_dnsmasq_query(message) is None
