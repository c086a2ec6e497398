"""Every form: it knows its own samples, and whatever is sent loses no row and breaks nothing."""

import base64
import random
from pathlib import Path

import pytest

from quetsach.decoding import decode
from quetsach.errors.exceptions import QuetsachError
from tests.indicators.formats.lists import form, read

SAMPLES = {
    "zeek-intel": "#fields\tindicator\tindicator_type\nbad.example\tIntel::DOMAIN\n",
    "suricata-rules": "alert ip any any -> 203.0.113.7 any (sid:1;)\n",
    "suricata-dataset": base64.b64encode(b"bad.example").decode() + "\n",
    "suricata-iprep": "203.0.113.7,1,100\n",
    "maltrail": "# Aliases: x\nbad.example\n/gate.php\n",
    "rpz": "bad.example CNAME .\n*.bad.example CNAME .\n",
    "dnsmasq": "address=/bad.example/\n",
    "unbound": 'local-zone: "bad.example" refuse\n',
    "adblock": "||bad.example^\n@@||good.example^\n",
    "pihole-regex": "(^|\\.)bad\\.example$\n",
    "notice": "#category|address|asn|timestamp\nbot|203.0.113.7|64496|2022-09-12\n",
    "feed-table": "# id,url,url_status,threat\n1,http://bad.example/a,online,phishing\n",
    "wise": "bad.example;tags=x\n",
    "asn": "AS64496 ; ZZ\n",
    "checksums": "a" * 64 + "  loader.bin\n",
    "feed-json": '[{"url":"http://bad.example/a"},{"url":"http://bad.example/b"}]\n',
    "hosts": "0.0.0.0 bad.example\n",
    "csv": "domain,note\nbad.example,x\nc2.example,y\n",
    "plain": "bad.example\n",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_each_form_knows_its_own(tmp_path: Path, name: str) -> None:
    assert form(read(tmp_path, "list.txt", SAMPLES[name])) == name


def _damaged(text: str) -> list[bytes]:
    lines = text.encode().split(b"\n")
    shaken = random.Random(7)
    found = [
        text.encode("utf-16"),
        text.encode()[: len(text) // 2],
        text.replace("\n", "\r\n").encode() + b"\xff\xfe\xc3",
        text.replace("\t", " ").encode(),
        b"\n".join([*lines[:-1], lines[-2] * 9000, b'"' * 99, b"a" * 1_100_000, b""]),
        text.encode() * 3 + b"\0\0\0\n" + text.encode(),
        text.encode() + b"(" * 50_000 + b"[" * 50_000 + b"|" * 50_000,
    ]
    for _turn in range(25):
        raw = bytearray(text.encode() * 4)
        for _change in range(6):
            raw[shaken.randrange(len(raw))] = shaken.choice(b"\x80\xff\"',;|\t#/^$.(){}[]\\ 0a\n")
        found.append(bytes(raw))
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_damaged_lists_lose_no_row_and_break_nothing(tmp_path: Path, name: str) -> None:
    for number, content in enumerate(_damaged(SAMPLES[name])):
        path = f"{number}/list.txt"
        if decode(content) is None:
            with pytest.raises(QuetsachError, match="E202"):
                read(tmp_path, path, content)
            continue
        found = read(tmp_path, path, content)
        (reading,) = found.readings
        assert reading.rows == reading.taken + reading.refused
        assert len(found.refusals) == reading.refused
