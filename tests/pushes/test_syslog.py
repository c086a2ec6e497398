"""Syslog: messages of RFC 5424 that rsyslogd understands, over UDP, TCP and TLS."""

import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.pushes import syslog
from quetsach.pushes.syslog import message, syslog_address
from quetsach.pushes.syslog_stream import LONGEST_DATAGRAM
from quetsach.watch.listening.framing import SyslogFrames
from tests.exports.findings_made import machine_words
from tests.indicators.fetch.authority import Authority
from tests.pushes.pushed import Waited, push
from tests.pushes.syslog_servers import ADMITTED, needs_rsyslog, rsyslogd


@needs_rsyslog
@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_rsyslogd_reads_each_message_and_what_is_taken_back(
    tmp_path: Path, certificate: Path, transport: str
) -> None:
    with rsyslogd(tmp_path, transport, certificate) as server:
        more = {"ca_file": certificate} if transport == "tls" else {}
        sent = push(tmp_path, "syslog", server.address, **more).send()
        assert (sent.done, sent.is_whole) == (4, True)
        lines = server.lines(4)
        assert push(tmp_path, "syslog", server.address, **more).send().before == 4
        assert push(tmp_path, "syslog", server.address, **more).take_back().done == 4
        taken_back = server.lines(8)[4:]
    rows = [json.loads(line[5].strip()) for line in lines]
    assert {line[0] for line in lines} == {"1"}
    assert {line[3] for line in lines} == {"quetsach"}
    assert {line[4] for line in lines} == {"sighting"}
    dated = {
        row["@timestamp"]: line[1]
        for row, line in zip(rows, lines, strict=True)
        if "@timestamp" in row
    }
    assert dated
    assert all(row.startswith(line[:19]) for row, line in dated.items())
    assert not any(word in str(rows) for word in machine_words(tmp_path))
    assert {line[4] for line in taken_back} == {"withdrawn"}
    assert {json.loads(line[5].strip())["quetsach.sighting.id"] for line in taken_back} == {
        row["quetsach.sighting.id"] for row in rows
    }


@needs_rsyslog
def test_rsyslogd_takes_the_office_whose_certificate_it_knows_and_nobody_else(
    tmp_path: Path,
) -> None:
    authority = Authority(tmp_path / "ca")
    other = Authority(tmp_path / "other")
    server_file = authority.issue("siem.example")
    strangers = (None, other.issue(ADMITTED), authority.issue("office-b.example"))
    with rsyslogd(tmp_path, "mutual", server_file, authority.file) as server:
        for file in strangers:
            sent = push(tmp_path, "syslog", server.address, **shown(authority, file)).send()
            assert sent.problem is not None, file
            assert (sent.problem.code, sent.done, sent.unsent) == ("E213", 0, 4)
        known = shown(authority, authority.issue(ADMITTED))
        sent = push(tmp_path, "syslog", server.address, **known).send()
        assert (sent.done, sent.is_whole) == (4, True)
        rows = [json.loads(line[5].strip()) for line in server.lines(4)]
        assert push(tmp_path, "syslog", server.address, **known).take_back().done == 4
        taken_back = [json.loads(line[5].strip()) for line in server.lines(8)[4:]]
    numbers = {row["quetsach.sighting.id"] for row in rows}
    assert len(numbers) == 4, "what was refused is not in the file"
    assert {row["quetsach.sighting.id"] for row in taken_back} == numbers


def shown(authority: Authority, file: Path | None) -> dict[str, Any]:
    """Return the wishes of a sender that trusts `authority` and shows the certificate in `file`."""
    patience = Waited().patience(tries=2)
    key = None if file is None else file.with_suffix(".key")
    return {
        "ca_file": authority.file,
        "cert_file": file,
        "cert_key_file": key,
        "patience": patience,
    }


@pytest.mark.parametrize(
    ("address", "named"), [("tcp://192.0.2.9", "tls://"), ("udp://192.0.2.9", "https://")]
)
def test_a_certificate_that_nobody_would_see_is_refused(
    tmp_path: Path, address: str, named: str
) -> None:
    file = Authority(tmp_path / "ca").issue(ADMITTED)
    with pytest.raises(QuetsachError, match=rf"E601 --cert-file.*{named}"):
        push(tmp_path, "syslog", address, cert_file=file)
    with pytest.raises(QuetsachError, match="E601 --cert-key-file"):
        push(tmp_path, "syslog", "tls://192.0.2.9", cert_key_file=file.with_suffix(".key"))


@needs_rsyslog
def test_cef_goes_over_syslog_and_is_taken_back_in_it(tmp_path: Path, certificate: Path) -> None:
    with rsyslogd(tmp_path, "tcp", certificate) as server:
        push(tmp_path, "syslog", server.address, cef=True).send()
        push(tmp_path, "syslog", server.address, cef=True).take_back()
        texts = [line[5].strip() for line in server.lines(8)]
    numbers = [re.search(r"externalId=(\S+)", text)[1] for text in texts]  # type: ignore[index]
    assert all(text.startswith("CEF:0|quetsach|quetsach|") for text in texts)
    assert sorted(numbers[:4]) == sorted(numbers[4:])
    assert all("|withdrawn|" in text for text in texts[4:])


def test_a_message_has_the_form_of_rfc_5424_and_names_no_machine() -> None:
    assert message(b"{}", "sighting", 1_788_225_322_500_000) == (
        b"<132>1 2026-09-01T01:15:22.500000Z - quetsach - sighting - {}"
    )
    assert message(b"x", "withdrawn", None) == b"<132>1 - - quetsach - withdrawn - x"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("tls://siem.example", "tls://siem.example:6514"),
        ("udp://10.0.0.5:5514/", "udp://10.0.0.5:5514"),
        ("tcp://[2001:DB8::5]", "tcp://[2001:db8::5]:514"),
    ],
)
def test_an_address_is_understood(written: str, meant: str) -> None:
    assert str(syslog_address(written)) == meant


@pytest.mark.parametrize(
    "written",
    [
        "siem.example",
        "https://x.example",
        "tls://a@b",
        "tcp://x:0",
        "tcp://x:99999",
        "udp://",
        "tls://x/y",
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(QuetsachError, match="E601"):
        syslog_address(written)


@contextmanager
def receiver(answer: bytes = b"", *, reads: bool = True) -> Iterator[tuple[str, list[bytes]]]:
    """Give a receiver of one connection: it reads all, or resets it at once."""
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connected, _peer = server.accept()
            if not reads:
                # Lingering for no time ends a connection by a reset.
                connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                connected.recv(10)
                connected.close()
                return
            with connected:
                while piece := connected.recv(65536):
                    received.append(piece)
                connected.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}", received
        thread.join(30)


def test_frames_are_counted(tmp_path: Path) -> None:
    with receiver() as (address, received):
        sent = push(tmp_path, "syslog", address, with_machines=True).send()
    assert len(SyslogFrames().feed(b"".join(received))) == sent.done == 4


def test_a_receiver_that_resets_the_connection_has_taken_nothing(tmp_path: Path) -> None:
    with receiver(reads=False) as (address, _received):
        patience = Waited().patience(tries=1)
        sent = push(tmp_path, "syslog", address, patience=patience).send()
    assert sent.problem is not None
    assert (sent.problem.code, sent.done, sent.unsent) == ("E213", 0, 4)


def test_nobody_listens_at_a_port_of_udp_or_tcp(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        for transport in ("tcp", "udp"):
            waited = Waited()
            address = f"{transport}://127.0.0.1:{port}"
            sent = push(tmp_path, "syslog", address, patience=waited.patience()).send()
            assert sent.problem is not None
            assert len(waited.waits) == 4


def test_a_message_too_long_for_a_datagram_is_refused_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths = [len(one.content) for one in push(tmp_path, "syslog", "udp://127.0.0.1").outgoing()]
    assert max(lengths) < LONGEST_DATAGRAM
    monkeypatch.setattr(syslog, "LONGEST_DATAGRAM", max(lengths) - 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        sent = push(tmp_path, "syslog", f"udp://127.0.0.1:{server.getsockname()[1]}").send()
        received = [server.recv(65536) for _number in range(sent.done)]
    assert sent.refused == lengths.count(max(lengths))
    assert sent.done + sent.refused == len(received) + sent.refused == 4


def test_a_receiver_with_another_certificate_is_not_told_anything(
    tmp_path: Path, certificate: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connected, _peer = server.accept()
            try:
                with context.wrap_socket(connected, server_side=True) as over_tls:
                    received.append(over_tls.recv(100))
            except OSError:
                received.append(b"")

        received: list[bytes] = []
        thread = threading.Thread(target=serve)
        thread.start()
        waited = Waited()
        address = f"tls://127.0.0.1:{server.getsockname()[1]}"
        sent = push(tmp_path, "syslog", address, patience=waited.patience()).send()
        thread.join(30)
    assert sent.problem is not None
    assert (sent.problem.code, received, waited.waits) == ("E213", [b""], [])
