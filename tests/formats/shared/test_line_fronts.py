"""A line of another product in what strangers choose names nobody by the form of that product."""

import json
import time
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.line_forms import read_line
from quetsach.formats.registry import recognise
from quetsach.formats.shared.line_fronts import is_in_anothers
from tests.formats.golden import read

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
TAKEN_US = 1_788_300_000_000_000
VICTIM = "10.1.1.7"
FORGED = {
    "asa": "%ASA-6-302013: Built outbound TCP connection 1 for outside:203.0.113.66/443 "
    f"(203.0.113.66/443) to inside:{VICTIM}/5000 (198.51.100.1/5000)",
    "fortigate": 'date=2026-09-01 time=09:00:00 devname="fw" logid="0000000013" type="traffic" '
    f'subtype="forward" srcip={VICTIM} srcport=5000 dstip=203.0.113.66 dstport=443 action="accept"',
    "paloalto": "1,2026/09/01 09:00:00,0123,TRAFFIC,end,2560,2026/09/01 09:00:00,"
    f"{VICTIM},203.0.113.66,198.51.100.1,203.0.113.66,r,,,ssl,vsys1,trust,untrust,e1,e2,fwd,"
    "2026/09/01 09:00:00,1,1,5000,443,1000,443,0x0,tcp,allow",
    "bind": f"client @0x1 {VICTIM}#5000 (evil.example): query: evil.example IN A + (10.1.1.53)",
    "unbound": f"unbound[1:0] info: {VICTIM} evil.example. A IN",
    "dnsmasq": f"dnsmasq[1]: query[A] evil.example from {VICTIM}",
    "filterlog": "filterlog[1]: 5,,,1000,em0,match,pass,out,4,0x0,,64,1,0,DF,6,tcp,60,"
    f"{VICTIM},203.0.113.66,5000,443,0,S,1,,1,,",
    "mikrotik": "forward: in:bridge out:ether1, src-mac 00:00:5e:00:53:01, proto TCP (SYN), "
    f"{VICTIM}:5000->203.0.113.66:443, len 52",
    "cef": f"CEF:0|V|P|1|1|n|3|src={VICTIM} dst=203.0.113.66 act=accept",
    "eve": json.dumps(
        {"timestamp": "2026-09-01T09:00:00+0700", "event_type": "flow", "src_ip": VICTIM,
         "dest_ip": "203.0.113.66", "proto": "TCP"}
    ),
}  # fmt: skip
WEB = (
    "<190>Sep  1 09:00:01 web1 nginx: 192.0.2.9 - - [01/Sep/2026:09:00:01 +0700] "
    '"GET /{url} HTTP/1.1" 200 5 "-" "{agent}"'
)
HOLDERS = {
    "agent": lambda text: WEB.format(url="", agent=text),
    "agent escaped": lambda text: WEB.format(url="", agent=text.replace('"', '\\"')),
    "url": lambda text: WEB.format(url=text.replace('"', "%22"), agent="-"),
    "login": lambda text: f"<86>Sep  1 09:00:01 srv sshd[1]: Invalid user {text} from 192.0.2.9",
    "program": lambda text: f"<86>Sep  1 09:00:01 srv app[1]: login failed for user {text}",
    "word": lambda text: f"<86>Sep  1 09:00:01 srv app[1]: user={text}",
    "journald": lambda text: json.dumps(
        {"__REALTIME_TIMESTAMP": "1788300000000000", "_HOSTNAME": "srv",
         "SYSLOG_IDENTIFIER": "sshd", "MESSAGE": f"Invalid user {text} from 192.0.2.9 port 4444"}
    ),
    "json": lambda text: json.dumps({"level": "info", "agent": text}),
    "page": lambda text: "<14>Sep 01 09:00:00 h CEF:0|V|P|1|1|n|3|src=10.1.1.200 "
    f"dst=198.51.100.9 request=http://ok.example/{text}",
    "message": lambda text: "<14>Sep 01 09:00:00 h CEF:0|V|P|1|1|n|3|src=10.1.1.200 "
    f"dst=198.51.100.9 msg={text}",
    "windows": lambda text: json.dumps(
        {"@timestamp": "2026-09-01T02:00:00Z", "message": text,
         "winlog": {"channel": "Application", "event_id": 1, "computer_name": "PC1"}}
    ),
}  # fmt: skip


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("forged", FORGED)
def test_a_line_within_a_line_names_nobody(holder: str, forged: str) -> None:
    line = HOLDERS[holder](FORGED[forged])
    record = read_line(line.encode(), HANOI, TAKEN_US) or {}
    assert record.get("source.ip") != VICTIM, record


@pytest.mark.parametrize("name", ["asa", "fortigate", "paloalto", "mikrotik"])
def test_a_file_of_such_lines_is_no_reason_to_believe_one(name: str) -> None:
    own = f"<166>Sep  1 09:00:01 fw1 {FORGED[name]}".replace(VICTIM, "10.1.1.200")
    content = "\n".join([own, own, own, HOLDERS["login"](FORGED[name]), ""]).encode()
    sources = [event.get("source.ip") for _, event in read(recognise(content), content).events]
    assert sources.count("10.1.1.200") == 3
    assert VICTIM not in sources


def test_a_message_in_a_log_is_no_event_of_our_decoders() -> None:
    said = {"@timestamp": 1_788_228_000_000_000, "event.dataset": "pcap.dns", "source.ip": VICTIM}
    said |= {"host.name": "BOSS", "dns.question.name": "evil.example"}
    line = json.dumps({"@timestamp": "2026-09-01T02:00:20Z", "message": json.dumps(said)})
    assert "source.ip" not in (read_line(line.encode(), HANOI, TAKEN_US) or {})


@pytest.mark.parametrize("forged", FORGED)
def test_the_same_line_on_its_own_is_read(forged: str) -> None:
    record = read_line(f"<166>Sep  1 09:00:01 fw1 {FORGED[forged]}".encode(), HANOI, TAKEN_US)
    assert record is not None
    assert record["source.ip"] == VICTIM


@pytest.mark.parametrize(
    ("front", "stranger"),
    [
        ("", False),
        ("fw1 : ", False),
        ("named[812]: ", False),
        ("charon: 11[IKE] ", False),
        ("kernel[1]: [10051.313745] ", False),
        ("r1: Jan 13 2023 10:16:05.33: ", False),
        ("sshd[1]: Invalid user ", True),
        ("app: login failed for ", True),
        ("app[1]: agent=", True),
        ('"GET / HTTP/1.1" 200 "', True),
    ],
)
def test_a_head_is_told_from_prose(front: str, stranger: bool) -> None:
    assert is_in_anothers(f"{front}%ASA-", len(front)) is stranger


@pytest.mark.parametrize("part", ["a ", "[", "(", "1", "ab: ", "A", " ", "x[1]", "Ab "])
def test_a_front_of_one_part_is_read_in_time(part: str) -> None:
    front = (part * 512)[:511]
    begun = time.process_time()
    is_in_anothers(f"app[1]: {front}!", len(front) + 8)
    assert time.process_time() - begun < 0.5


def test_a_long_front_of_anything_is_judged_in_time() -> None:
    front = "haproxy[1412]: " + "10.20.3.42:51544 [01/Sep/2026:08:15:23.082] fe_web fe/<NO>4]:" * 6
    started = time.process_time()
    for start in range(16, len(front)):
        is_in_anothers(front + " x", start, has_program=True)
    # Milliseconds; with a way back it had no end.
    assert time.process_time() - started < 30
