"""Servers that answer slowly, too much, or what no database takes: none holds the portal."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from quetsach.api.problems import QuetsachError
from quetsach_portal.people.directory.answers import DirectoryOutcome
from quetsach_portal.people.directory.asking import prove
from quetsach_portal.people.directory.settings import DirectorySettings, read_directory
from tests.portal.people.directory.slapd_server import GROUP, PASSWORD, Slapd

Answering = Callable[[socket.socket, bytes], None]


def _ber(tag: int, content: bytes) -> bytes:
    """Return a value of BER, its length in four bytes (X.690, 8.1.3.5)."""
    return bytes([tag, 0x84]) + len(content).to_bytes(4, "big") + content


def _split(question: bytes) -> tuple[bytes, int]:
    """Return the number of a question as BER, and the tag of what is asked (RFC 4511, 4.1.1)."""
    at = 2 + (question[1] & 0x7F if question[1] & 0x80 else 0)
    end = at + 2 + question[at + 1]
    return question[at:end], question[end]


def _message(question: bytes, tag: int, content: bytes) -> bytes:
    return _ber(0x30, _split(question)[0] + _ber(tag, content))


SUCCESS = b"\x0a\x01\x00\x04\x00\x04\x00"


def _entry(mail: bytes) -> bytes:
    """Return an entry of one person (RFC 4511, 4.5.2)."""

    def attribute(name: bytes, value: bytes) -> bytes:
        return _ber(0x30, _ber(4, name) + _ber(0x31, _ber(4, value)))

    number = attribute(b"entryUUID", b"6f0c1a52-5c0f-4b4e-9a53-0d6f2b1c7a10")
    return _ber(4, b"uid=an,dc=example") + _ber(0x30, number + attribute(b"mail", mail))


@contextmanager
def _server(answer: Answering) -> Iterator[DirectorySettings]:
    """Run a server of one connection; `answer` gets each question."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            line, _address = door.accept()
            with line:
                try:
                    while question := line.recv(65536):
                        answer(line, question)
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        environ = {
            "QUETSACH_LDAP_URIS": f"ldap://127.0.0.1:{door.getsockname()[1]}",
            "QUETSACH_LDAP_PLAIN": "1",
            "QUETSACH_LDAP_BASE": "dc=example",
            "QUETSACH_LDAP_TIMEOUT": "1",
        }
        directory = read_directory(environ)
        assert directory is not None
        yield directory
        thread.join(30)


def _people(line: socket.socket, question: bytes, *mails: bytes) -> None:
    """Answer a search by people with these addresses, and a bind by success."""
    is_search = _split(question)[1] == 0x63
    if is_search:
        for mail in mails:
            line.sendall(_message(question, 0x64, _entry(mail)))
    line.sendall(_message(question, 0x65 if is_search else 0x61, SUCCESS))


def test_the_server_of_these_tests_proves_a_person() -> None:
    with _server(lambda line, question: _people(line, question, b"an@coquan.example")) as directory:
        answer = prove(directory, "an", PASSWORD)
    assert answer.outcome is DirectoryOutcome.RIGHT
    assert answer.person is not None
    assert answer.person.mails == ("an@coquan.example",)


def test_a_server_has_its_seconds_for_the_whole_answer_not_for_each_byte() -> None:
    def drip(line: socket.socket, question: bytes) -> None:
        for byte in _message(question, 0x65, SUCCESS):
            line.sendall(bytes([byte]))
            threading.Event().wait(0.1)

    with _server(drip) as directory, pytest.raises(QuetsachError, match="E632"):
        prove(directory, "an", PASSWORD)


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    mails = [b"x" * 1_000_000] * 12
    with (
        _server(lambda line, question: _people(line, question, *mails)) as directory,
        pytest.raises(QuetsachError, match="E632"),
    ):
        prove(directory, "an", PASSWORD)


@pytest.mark.parametrize("mail", [b"an\0@coquan.example", b"a\n@coquan.example", b"x" * 300])
def test_what_can_be_no_address_is_none(mail: bytes) -> None:
    with _server(lambda line, question: _people(line, question, mail)) as directory:
        answer = prove(directory, "an", PASSWORD)
    assert answer.person is not None
    assert answer.person.mails == ()


def test_an_unknown_name_takes_the_steps_of_a_known_one(slapd: Slapd, monkeypatch) -> None:
    """Nobody learns by the time of an answer who is known there."""
    from quetsach_portal.people.directory import asking

    def steps_of(login: str) -> list[str]:
        steps: list[str] = []
        for name in ("entries_of", "bind"):
            real = getattr(asking, name)

            def counted(*given, _name=name, _real=real, **named):
                steps.append(_name)
                return _real(*given, **named)

            monkeypatch.setattr(asking, name, counted)
        prove(slapd.settings(GROUP=GROUP), login, "sai")
        monkeypatch.undo()
        return steps

    assert steps_of("khong.ai") == steps_of("an") == ["bind", "entries_of", "entries_of", "bind"]
