"""A carrier answers its own subscriber, and only for certain: also the whole way over HTTP."""

import html
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from wsgiref.simple_server import make_server

import pytest

from quetsach.api import carriers
from quetsach.api.traces import TraceRequest, trace_request
from quetsach.errors.exceptions import QuetsachError
from quetsach_public.app import Application
from tests.api.carrier_answerer import answering
from tests.public.made import CAMPAIGN, made_home
from tests.public.test_browser import Server, Silent

# 08:15:25 on 1 September 2026 in Vietnam.
NOW = datetime(2026, 9, 1, 1, 15, 25, tzinfo=UTC)
ADDRESS = "198.51.100.5"
SLIP = carriers.CarrierSlip(
    CAMPAIGN.address, ADDRESS, 1100, int(NOW.timestamp()), int(NOW.timestamp()) + 3600
)


def translated(inside: str, port: int, at: datetime) -> str:
    """Return a line of a translation log: `inside` had `port` for a minute around `at`."""
    start = int(at.timestamp()) - 5
    return (
        f"NATLOG: from {start}:0 thru {start + 65}:0 (UTC): tcp {inside}:51544 "
        f"(via: {ADDRESS}:{port}) to 203.0.113.77:443; sent: 830, received: 5210\n"
    )


def leased(inside: str, name: str, start: datetime, end: datetime, mac: str) -> str:
    """Return a line of a table of leases."""
    seconds = int((end - start).total_seconds())
    return f"{inside},{mac},,{seconds},{int(end.timestamp())},1,0,0,{name},0,,0\n"


LEASE_HEAD = (
    "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,"
    "user_context,pool_id\n"
)
AUGUST, END = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 9, 30, tzinfo=UTC)
MAC_41, MAC_42 = "02:00:00:00:03:41", "02:00:00:00:03:42"
OF_LINE_41 = leased("100.64.3.41", "thue-bao-41", AUGUST, END, MAC_41)
OF_LINE_42 = leased("100.64.3.42", "thue-bao-42", AUGUST, END, MAC_42)
TRANSLATIONS = (
    translated("100.64.3.41", 1500, datetime(2026, 8, 20, 1, tzinfo=UTC))
    + translated("100.64.3.42", 2500, datetime(2026, 8, 21, 1, tzinfo=UTC))
    + translated("100.64.3.41", 1100, NOW)
)
HEAD = "timestamp,ip,port,infection\n"
OF_41 = "2026-08-20 08:00:00+07:00,198.51.100.5,1500,mirai\n"
OF_42 = "2026-08-21 08:00:00+07:00,198.51.100.5,2500,qakbot\n"
OF_NOBODY = "2026-08-21 08:00:00+07:00,198.51.100.5,60000,qakbot\n"


def request(folder: Path, *notices: str, leases: str = OF_LINE_41 + OF_LINE_42) -> TraceRequest:
    (folder / "notice.csv").write_text(HEAD + "".join(notices))
    (folder / "nat.log").write_text(TRANSLATIONS)
    evidence = [str(folder / "nat.log")]
    if leases:
        (folder / "leases.csv").write_text(LEASE_HEAD + leases)
        evidence.append(str(folder / "leases.csv"))
    return trace_request(
        notices=[str(folder / "notice.csv")],
        evidence=evidence,
        public=["198.51.100.0/24"],
        workers=1,
    )


def test_a_notice_traced_to_the_line_of_the_slip_is_yes_with_family_and_day(tmp_path: Path) -> None:
    answer = carriers.answer_slip(SLIP, request(tmp_path, OF_41, OF_42), asker="100.64.3.41")
    expected = {"notices": 2, "traced": 2, "family": "mirai", "last": "2026-08-20"}
    assert answer.as_json() == {"answer": "yes", **expected}


def test_notices_that_were_all_traced_to_others_are_no_and_say_how_many(tmp_path: Path) -> None:
    asked = request(tmp_path, OF_42)
    answer = carriers.answer_slip(SLIP, asked, asker="100.64.3.41", lasting=True)
    assert answer.as_json() == {"answer": "no", "notices": 1, "traced": 1}


def test_another_lease_alone_is_cannot_tell_as_a_line_has_several_devices(tmp_path: Path) -> None:
    answer = carriers.answer_slip(SLIP, request(tmp_path, OF_42), asker="100.64.3.41")
    assert (answer.answer, answer.notices, answer.traced) == ("cannot-tell", 1, 1)
    assert answer.why.endswith(": 1.")


def test_two_subscribers_of_the_carriers_register_are_told_apart(tmp_path: Path) -> None:
    asked = request(tmp_path, OF_42)
    register = tmp_path / "register.csv"
    both = f"{MAC_41},thue-bao-41\n{MAC_42},thue-bao-42\n"
    register.write_text(f"mac,name\n{both}")
    asked = replace(asked, inventory=(register,))
    answer = carriers.answer_slip(SLIP, asked, asker="100.64.3.41")
    assert answer.as_json() == {"answer": "no", "notices": 1, "traced": 1}
    register.write_text(f"mac,name\n{both[: both.index(chr(10)) + 1]}")
    assert carriers.answer_slip(SLIP, asked).answer == "cannot-tell"


def test_a_notice_that_nobody_could_be_found_for_is_cannot_tell_never_no(tmp_path: Path) -> None:
    answer = carriers.answer_slip(SLIP, request(tmp_path, OF_42, OF_NOBODY))
    assert answer.answer == "cannot-tell"
    assert (answer.notices, answer.traced) == (2, 1)
    assert answer.why


def test_without_a_record_of_who_held_the_inside_address_nobody_is_accused_or_cleared(
    tmp_path: Path,
) -> None:
    asked = request(tmp_path, OF_41, OF_42, leases="")
    assert carriers.answer_slip(SLIP, asked).answer == "cannot-tell"
    # Unless the carrier says that inside addresses are given out for good.
    assert carriers.answer_slip(SLIP, asked, lasting=True).answer == "yes"


def test_a_lease_that_changed_hands_accuses_nobody_who_asks(tmp_path: Path) -> None:
    handed_over = datetime(2026, 8, 25, tzinfo=UTC)
    before = leased("100.64.3.41", "thue-bao-99", AUGUST, handed_over, "02:00:00:00:03:99")
    after = leased("100.64.3.41", "thue-bao-41", handed_over, END, MAC_41)
    leases = before + after + OF_LINE_42
    asked = request(tmp_path, OF_41, leases=leases)
    answers = [carriers.answer_slip(SLIP, asked, lasting=lasting) for lasting in (False, True)]
    assert [(one.answer, one.family, one.traced) for one in answers] == [("cannot-tell", "", 1)] * 2


def test_nobody_but_the_line_of_the_slip_is_answered(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError, match="E259"):
        carriers.answer_slip(SLIP, request(tmp_path, OF_41), asker="100.64.3.42")
    stray = replace(SLIP, port=60_000)
    answer = carriers.answer_slip(stray, request(tmp_path, OF_41), asker="100.64.3.41")
    assert answer.answer == "cannot-tell"
    assert (answer.notices, answer.family) == (0, "")


def test_no_notice_about_the_carrier_is_cannot_tell(tmp_path: Path) -> None:
    other = "2026-08-20 08:00:00+07:00,203.0.113.9,1500,mirai\n"
    answer = carriers.answer_slip(SLIP, request(tmp_path, other))
    assert (answer.answer, answer.notices) == ("cannot-tell", 0)


@contextmanager
def public_page(home: Path) -> Iterator[str]:
    app = Application(made_home(home, "127.0.0.1"), now=lambda: NOW)
    server = make_server("127.0.0.1", 0, app, server_class=Server, handler_class=Silent)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def post(address: str, body: str, **headers: str) -> tuple[int, str]:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    try:
        with urlopen(Request(address, body.encode(), named), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()


def test_from_the_public_page_to_the_carriers_answer_over_http(tmp_path: Path) -> None:
    asked = request(tmp_path, OF_41, OF_42)
    with public_page(tmp_path / "home") as page:
        seen = {"X_Forwarded_For": ADDRESS, "X_Client_Port": "1100"}
        _status, text = post(f"{page}/nha-mang", "", **seen)
        (slip,) = re.findall(r'<p class="address">([^<]+)</p></details>', text)
        question = json.dumps({"slip": html.unescape(slip)})
        with answering(page, CAMPAIGN.address, asked, NOW) as carrier:
            at = f"{carrier}/quetsach/answer"
            status, text = post(at, question, X_Inside_Address="100.64.3.41")
            _fits(page, "Answer", json.loads(text))
            assert (status, json.loads(text)["answer"]) == (200, "yes")
            status, text = post(at, question, X_Inside_Address="100.64.3.42")
            _fits(page, "Refusal", json.loads(text))
            assert status == 403
            altered = question.replace(slip[-8:], "AAAAAAAA")
            assert post(at, altered, X_Inside_Address="100.64.3.41")[0] == 400
        later = NOW + timedelta(hours=2)
        with answering(page, CAMPAIGN.address, asked, later) as carrier:
            status, text = post(f"{carrier}/quetsach/answer", question, X_Inside_Address="x")
            assert status == 400
            assert "E257" in text


def _fits(page: str, schema: str, content: dict[str, Any]) -> None:
    """Hold an answer against the interface that the page serves."""
    with urlopen(f"{page}/nha-mang/openapi.json", timeout=20) as answer:
        described = json.load(answer)["components"]["schemas"][schema]
    assert set(described["required"]) <= set(content) <= set(described["properties"])
    kinds = {"string": str, "integer": int}
    for name, found in content.items():
        about = described["properties"][name]
        assert isinstance(found, kinds[about["type"]])
        assert found in about.get("enum", [found])
