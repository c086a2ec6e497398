"""What each reply of a real server, its silence and its certificate mean for a mail."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from quetsach_portal.mail.smtp import (
    SmtpConnection,
    SmtpOutcome,
    SmtpReply,
    SmtpServer,
    SmtpUnavailable,
)
from tests.portal.mail.sink import Gate, Sink, running_sink

MESSAGE = b"Subject: s\n\nfirst\n.\n..two\rthree"


def hand_over(sink: Sink, **options) -> SmtpReply:
    connection = SmtpConnection(SmtpServer("127.0.0.1", sink.port, **options))
    try:
        early = connection.prepare(MESSAGE, sender="a@b.example", recipient="xa@huyen.example")
        return connection.finish() if early is None else early
    finally:
        connection.close()


def test_a_mail_arrives_as_it_was_with_crlf_alone() -> None:
    with running_sink() as sink:
        reply = hand_over(sink)
    assert reply == SmtpReply(SmtpOutcome.ACCEPTED, "250 2.0.0 queued")
    assert sink.mails == [
        ("xa@huyen.example", b"Subject: s\r\n\r\nfirst\r\n.\r\n..two\r\nthree\r\n")
    ]
    assert sink.senders == ["a@b.example"]


def test_before_its_end_a_mail_is_none() -> None:
    with running_sink() as sink:
        connection = SmtpConnection(SmtpServer("127.0.0.1", sink.port))
        assert connection.prepare(MESSAGE, sender="a@b.example", recipient="c@d.example") is None
        connection.drop()
        assert hand_over(sink).outcome == SmtpOutcome.ACCEPTED
        assert len(sink.mails) == 1


def test_one_connection_serves_many_mails_after_any_reply() -> None:
    replies = iter(["", "550 5.1.1 no such user", "451 later", ""])
    with running_sink(Sink(recipient_reply=lambda address: next(replies))) as sink:
        connection = SmtpConnection(SmtpServer("127.0.0.1", sink.port))
        outcomes = []
        for _mail in range(4):
            early = connection.prepare(MESSAGE, sender="a@b.example", recipient="c@d.example")
            outcomes.append((connection.finish() if early is None else early).outcome)
        connection.close()
    assert outcomes == ["accepted", "no such address", "later", "accepted"]
    assert sink.connections == 1


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("451 4.7.1 try again later", SmtpOutcome.LATER),
        ("450 mailbox busy", SmtpOutcome.LATER),
        ("552 5.2.2 mailbox full", SmtpOutcome.LATER),
        ("550 5.1.1 no such user", SmtpOutcome.NO_SUCH_ADDRESS),
        ("550 no such user", SmtpOutcome.NO_SUCH_ADDRESS),
        ("553 name not allowed", SmtpOutcome.NO_SUCH_ADDRESS),
        ("550 5.7.1 relaying denied", SmtpOutcome.REFUSED),
        ("251 will forward", SmtpOutcome.ACCEPTED),
    ],
)
def test_what_a_reply_to_the_recipient_means(reply, outcome) -> None:
    accepts = reply.startswith("2")

    class Replies(Sink):
        async def handle_RCPT(self, server, session, envelope, address, options) -> str:
            if accepts:
                envelope.rcpt_tos.append(address)
            return reply

    with running_sink(Replies()) as sink:
        got = hand_over(sink)
    assert got.outcome == outcome
    assert accepts or got.words == reply


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("452 4.3.1 disk full", SmtpOutcome.LATER),
        ("421 4.3.2 closing", SmtpOutcome.LATER),
        ("554 5.7.1 spam", SmtpOutcome.REFUSED),
        ("552 too large", SmtpOutcome.REFUSED),
        ("cut", SmtpOutcome.UNKNOWN),
        ("354 go on", SmtpOutcome.UNKNOWN),
        ("thanks", SmtpOutcome.UNKNOWN),
        ("251 forwarded", SmtpOutcome.ACCEPTED),
        ("200 taken", SmtpOutcome.ACCEPTED),
    ],
)
def test_what_a_reply_to_the_whole_mail_means(reply, outcome) -> None:
    with running_sink(Sink(data_reply=lambda address: reply)) as sink:
        assert hand_over(sink).outcome == outcome
    assert not sink.mails


@pytest.mark.parametrize("command", ["sender_reply", "recipient_reply"])
def test_a_server_that_closes_or_takes_no_mail_of_ours_is_unavailable(command) -> None:
    reply = "550 not you" if command == "sender_reply" else "421 4.3.2 closing"
    with (
        running_sink(Sink(**{command: lambda address: reply})) as sink,
        pytest.raises(SmtpUnavailable, match=reply),
    ):
        hand_over(sink)


def test_the_words_of_a_server_are_one_printable_line_of_bounded_length() -> None:
    with running_sink(Sink(data_reply=lambda address: "554 a\x1b[31m\tb" + "x" * 460)) as sink:
        words = hand_over(sink).words
    assert words.isprintable()
    assert words.startswith("554 a [31m b")
    assert len(words) <= 500


def test_silence_before_the_end_is_unavailable_and_after_it_unknown() -> None:
    gate = Gate()
    with running_sink(Sink(recipient_reply=lambda address: gate.pass_through() or "")) as sink:
        with pytest.raises(SmtpUnavailable, match="time"):
            hand_over(sink, command_s=0.2)
        gate.opened.set()
    gate = Gate()
    with running_sink(Sink(data_reply=lambda address: gate.pass_through() or "")) as sink:
        reply = hand_over(sink, end_of_data_s=0.2)
        gate.opened.set()
    assert reply.outcome == SmtpOutcome.UNKNOWN
    assert "time" in reply.words


def test_nobody_at_the_port_is_unavailable() -> None:
    with running_sink() as sink:
        pass
    with pytest.raises(SmtpUnavailable, match="refused"):
        hand_over(sink)


@pytest.fixture
def certificate(tmp_path, monkeypatch) -> ssl.SSLContext:
    """The server's side of TLS with a certificate for 127.0.0.1, which the portal trusts."""
    return server_context(tmp_path, monkeypatch, "127.0.0.1")


def server_context(folder, monkeypatch, host: str, *, is_trusted: bool = True) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "certificate.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(folder / "certificate.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


def right_password(server, session, envelope, mechanism, auth_data) -> AuthResult:
    return AuthResult(success=auth_data.password == b"secret", handled=False)


@pytest.mark.asvs("V12.3.1")
def test_a_mail_goes_over_tls_from_the_first_byte(certificate) -> None:
    with running_sink(implicit_tls=certificate) as sink:
        assert hand_over(sink, tls="tls").outcome == SmtpOutcome.ACCEPTED
    assert len(sink.mails) == 1


def test_starttls_comes_before_the_password(certificate) -> None:
    with running_sink(
        tls_context=certificate,
        require_starttls=True,
        auth_required=True,
        authenticator=right_password,
        auth_exclude_mechanism=["LOGIN"],
    ) as sink:
        options = {"tls": "starttls", "user": "portal"}
        assert hand_over(sink, password="secret", **options).outcome == SmtpOutcome.ACCEPTED
        with pytest.raises(SmtpUnavailable, match="535"):
            hand_over(sink, password="wrong", **options)
    assert len(sink.mails) == 1
    assert bytes(sink.received).index(b"STARTTLS") < 100


@pytest.mark.asvs("V12.3.1")
def test_a_server_without_starttls_gets_no_password_and_no_mail() -> None:
    with running_sink() as sink, pytest.raises(SmtpUnavailable, match="STARTTLS"):
        hand_over(sink, tls="starttls", user="portal", password="secret")
    assert b"AUTH" not in sink.received
    assert b"MAIL" not in sink.received


@pytest.mark.asvs("V12.3.2")
@pytest.mark.parametrize(("host", "is_trusted"), [("192.0.2.1", True), ("127.0.0.1", False)])
@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_certificate_of_another_or_unknown_server_is_refused(
    tmp_path, monkeypatch, tls, host, is_trusted
) -> None:
    context = server_context(tmp_path, monkeypatch, host, is_trusted=is_trusted)
    options = {"implicit_tls": context} if tls == "tls" else {"tls_context": context}
    with running_sink(**options) as sink, pytest.raises(SmtpUnavailable, match="certificate"):
        hand_over(sink, tls=tls, user="portal", password="secret")
    assert not sink.mails
    assert b"AUTH" not in sink.received
