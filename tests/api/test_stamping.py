"""A stamping authority on this machine is asked; without a good stamp nothing is signed."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto.tsp import PKIStatusInfo, TimeStampReq

from quetsach.api.pdf_signatures import to_sign, write_signed
from quetsach.api.stamping import StampingAuthority, TimestampResponse
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import FetchBounds, parse_target
from quetsach.signing.pades.sign import SignaturePurpose, sign_pdf
from quetsach.signing.pades.state import StampState
from quetsach.signing.pades.verify import verify_pdf
from quetsach.texts import in_language
from tests.indicators.fetch.servers import Asked, Said, serving
from tests.signing.pades.authority import DAY, NOW, clerk, pdf, trust
from tests.signing.pades.stamping import stamper

REPLY = {"Content-Type": "application/timestamp-reply"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with in_language("en"):
        yield


def stamp(asked: Asked, *, of_another_file: bool = False) -> Said:
    assert asked.headers["content-type"] == "application/timestamp-query"
    request = TimeStampReq.load(asked.body)
    if of_another_file:
        request["message_imprint"]["hashed_message"] = bytes(32)
    answer = stamper(NOW - DAY).request_tsa_response(request)
    return Said(answer.dump(), headers=REPLY)


def refused(_asked: Asked) -> Said:
    status = PKIStatusInfo({"status": "rejection", "status_string": ["not for you"]})
    return Said(TimestampResponse({"status": status}).dump(), headers=REPLY)


def test_the_stamp_of_the_authority_stands_in_the_signature(tmp_path: Path) -> None:
    path, out = tmp_path / "a.pdf", tmp_path / "out.pdf"
    path.write_bytes(pdf())
    with serving(stamp) as server:
        write_signed(
            to_sign(path, f"{server.address}/tsa"), clerk().signer(), SignaturePurpose(), out
        )
    assert {one.path for one in server.asked} == {"/tsa"}
    found = verify_pdf(out.read_bytes(), trust(), NOW).signers[0]
    assert found.stamp is not None
    assert (found.stamp.state, found.stamped_at) == (StampState.TRUSTED, NOW - DAY)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (refused, "not for you"),
        (lambda asked: stamp(asked, of_another_file=True), "made for other content"),
        (lambda _asked: Said(b"<html>", headers={"Content-Type": "text/html"}), "not a time stamp"),
        (lambda _asked: Said(b"0\x03\x02\x01", headers=REPLY), "no time stamp"),
        (lambda _asked: Said(b"", headers=REPLY), "no time stamp"),
        (lambda _asked: Said(b"", status=503), "HTTP 503"),
        (lambda _asked: Said(b"", status=302, headers={"Location": "https://a.example/"}), "host"),
        (lambda _asked: Said(bytes(2 * 1024 * 1024), headers=REPLY), "larger than"),
    ],
    ids=["refused", "another file", "html", "cut off", "empty", "503", "sent on", "too large"],
)
def test_without_a_good_stamp_nothing_is_signed_and_it_is_told_why(
    tmp_path: Path, answer: Callable[[Asked], Said], told: str
) -> None:
    path, out = tmp_path / "a.pdf", tmp_path / "out.pdf"
    path.write_bytes(pdf())
    with serving(answer) as server, pytest.raises(QuetsachError, match=r"^E473") as raised:
        write_signed(to_sign(path, server.address), clerk().signer(), SignaturePurpose(), out)
    assert told in str(raised.value)
    assert server.address in str(raised.value)
    assert [one.name for one in tmp_path.iterdir()] == ["a.pdf"]


def test_an_answer_that_belongs_to_another_question_is_refused() -> None:
    held: list[Said] = []

    def again(asked: Asked) -> Said:
        held.append(stamp(asked))
        return held[0]

    with serving(again) as server, pytest.raises(QuetsachError, match=r"^E473"):
        signed_by(server.address)


def test_an_authority_that_does_not_answer_is_told_in_time() -> None:
    with serving(refused) as server:
        gone = server.address
    with pytest.raises(QuetsachError, match=r"^E473 .*no server answers"):
        signed_by(gone)
    over = threading.Event()

    def silent(_asked: Asked) -> Said:
        over.wait()
        return Said(b"")

    with serving(silent) as server:
        try:
            with pytest.raises(QuetsachError, match=r"^E473 .*in time"):
                signed_by(server.address, FetchBounds(wait_s=0.05))
        finally:
            over.set()


@pytest.mark.parametrize("url", ["tsa.example", "ftp://tsa.example", "http://a:b@tsa.example/"])
def test_what_is_no_address_of_a_server_is_a_wrong_value(tmp_path: Path, url: str) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf())
    with pytest.raises(QuetsachError, match=r"^E601 --tsa"):
        write_signed(to_sign(path, url), clerk().signer(), SignaturePurpose(), tmp_path / "out.pdf")


def test_an_authority_may_be_asked_over_plain_http_as_its_stamps_are_signed() -> None:
    assert parse_target("http://tsa.example/", plainly=True).scheme == "http"


def signed_by(address: str, bounds: FetchBounds | None = None) -> bytes:
    asked = StampingAuthority(parse_target(address), bounds or FetchBounds(wait_s=5))
    today = datetime.now(UTC)
    by = clerk(since=today - DAY, until=today + DAY)
    return sign_pdf(pdf(), by.signer(), SignaturePurpose(), stamper=asked)


def test_pyhanko_is_loaded_for_a_stamp_alone() -> None:
    """It takes a second, and every process of the portal would pay it."""
    program = "import sys, quetsach.api.tools; sys.exit('pyhanko' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
