"""Syslog's way: frames and datagrams as they are written, and which end of a connection is none."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.pushes.syslog_stream import deliver

MESSAGES = [b"<132>1 - - quetsach - sighting - %d" % number for number in range(600)]
FRAMES = b"".join(b"%d %s" % (len(message), message) for message in MESSAGES)


@contextmanager
def receiving(serve: Callable[[socket.socket], Any]) -> Iterator[tuple[tuple[str, int], list[Any]]]:
    """Give where one connection is served, and what `serve` returns of it."""
    answers: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run() -> None:
            connected, _peer = server.accept()
            with connected:
                answers.append(serve(connected))

        thread = threading.Thread(target=run)
        thread.start()
        yield server.getsockname(), answers
        thread.join(30)


def read_all(connected: Any) -> bytes:
    received = bytearray()
    while piece := connected.recv(1 << 16):
        received += piece
    return bytes(received)


def test_tcp_has_octet_counted_frames_and_an_end() -> None:
    with receiving(read_all) as (end, answers):
        deliver("tcp", end, MESSAGES)
    assert answers == [FRAMES]


@pytest.mark.parametrize("says_goodbye", [True, False])
def test_tls_ends_whole_with_or_without_the_receivers_goodbye(
    certificate: Path, says_goodbye: bool
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))

    def serve(connected: socket.socket) -> bytes:
        over_tls = context.wrap_socket(connected, server_side=True)
        received = read_all(over_tls)
        if says_goodbye:
            over_tls.unwrap()
        over_tls.close()
        return received

    with receiving(serve) as (end, answers):
        deliver("tls", end, MESSAGES, certificate)
    assert answers == [FRAMES]


def test_a_receiver_that_wants_a_certificate_of_ours_refuses(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(certificate)

    def serve(connected: socket.socket) -> str:
        try:
            context.wrap_socket(connected, server_side=True)
        except ssl.SSLError as error:
            return error.reason
        return "taken"

    with receiving(serve) as (end, answers), pytest.raises(QuetsachError, match="E213"):
        deliver("tls", end, MESSAGES[:1], certificate)
    assert answers == ["PEER_DID_NOT_RETURN_A_CERTIFICATE"]


def test_udp_sends_a_message_a_datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(30)
        deliver("udp", server.getsockname(), MESSAGES[:3])
        assert [server.recv(1000) for _number in range(3)] == MESSAGES[:3]


def test_a_file_of_an_authority_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError, match="--ca-file"):
        deliver("tls", ("127.0.0.1", 9), MESSAGES[:1], tmp_path / "none.pem")
