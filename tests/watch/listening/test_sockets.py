"""A socket is opened, or it is said why not; TLS takes certificates that fit."""

import os
import socket
import stat
from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.watch.listening.addresses import dnstap_address, listen_address
from quetsach.watch.listening.sockets import open_socket, tls_context


def test_an_address_in_use_is_told() -> None:
    with open_socket(listen_address("tcp://127.0.0.1:0")) as opened:
        port = opened.getsockname()[1]
        with pytest.raises(QuetsachError, match="E507"):
            open_socket(listen_address(f"tcp://127.0.0.1:{port}"))


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(QuetsachError, match="E507"):
        open_socket(listen_address("udp://192.0.2.1:5514"))


def test_a_port_that_needs_a_right_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_socket: object, _address: object) -> None:
        raise PermissionError(13, "Permission denied")

    class Refusing(socket.socket):
        bind = refused  # type: ignore[assignment]

    monkeypatch.setattr(socket, "socket", Refusing)
    with pytest.raises(QuetsachError, match="E508"):
        open_socket(listen_address("udp://127.0.0.1:514"))
    with pytest.raises(QuetsachError, match="E507"):
        open_socket(listen_address("udp://127.0.0.1:5514"))


def test_a_unix_socket_is_for_its_group_and_replaces_what_a_kill_left(tmp_path: Path) -> None:
    path = tmp_path / "tap.sock"
    with open_socket(dnstap_address(f"unix:{path}?mode=620")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o620
        with pytest.raises(QuetsachError, match="E507"):
            open_socket(dnstap_address(f"unix:{path}"))
    # It was closed and not removed.
    with open_socket(dnstap_address(f"unix:{path}")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660


def test_a_file_in_the_place_of_a_socket_stays(tmp_path: Path) -> None:
    path = tmp_path / "tap.sock"
    path.write_text("mine", encoding="ascii")
    with pytest.raises(QuetsachError, match="E507"):
        open_socket(dnstap_address(f"unix:{path}"))
    assert path.read_text(encoding="ascii") == "mine"
    with pytest.raises(QuetsachError, match="E507"):
        open_socket(dnstap_address(f"unix:{tmp_path}/other.sock?group=no-such-group"))


def test_certificates_must_fit(certificate: Path, tmp_path: Path) -> None:
    key = certificate.with_suffix(".key")
    context = tls_context(listen_address(f"tls://127.0.0.1:0?cert={certificate}&key={key}"))
    assert context.verify_mode == 0
    asked = f"tls://127.0.0.1:0?cert={certificate}&key={key}&ca={certificate}"
    assert tls_context(listen_address(asked)).verify_mode == 2
    empty = tmp_path / "empty.pem"
    empty.touch()
    for wrong in (asked.replace(str(key), str(empty)), asked + str(os.getpid())):
        with pytest.raises(QuetsachError, match="E507"):
            tls_context(listen_address(wrong))
