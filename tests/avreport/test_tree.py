"""Foreign XML: bombs, outside files, depth, size and wrong encodings are refused with a reason."""

from pathlib import Path

import pytest

from quetsach.avreport.tree import MOST_BYTES, MOST_TREE_DEPTH, parse
from quetsach.avreport.writing import unsigned
from quetsach.errors.exceptions import QuetsachError
from tests.avreport.messages import MESSAGE

GOOD = unsigned(MESSAGE)
BOMB = b"""<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><a>&d;</a>"""


def refused(data: bytes) -> str:
    with pytest.raises(QuetsachError) as error:
        parse(data, "m.xml")
    assert error.value.problem.code == "E440"
    return str(error.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        b"<a>",
        b"<a></b>",
        BOMB,
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://192.0.2.1/x.dtd"> %p;]><a/>',
        b"<a>&unknown;</a>",
        b"<a>" * (MOST_TREE_DEPTH + 1) + b"</a>" * (MOST_TREE_DEPTH + 1),
        b"<a>" * 100_000,
        b"<a " + b" ".join(b'a%d="x"' % n for n in range(300_000)) + b"/>",
        b"<a " + b" ".join(b'xmlns:a%d="x"' % n for n in range(20_000)) + b"/>",
        b"<a>\x00</a>",
        b"<a>\xff\xfe</a>",
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        b'<?xml version="1.0" encoding="UTF-16"?><a/>',
        GOOD[:-20],
        GOOD + GOOD,
        b"<?xml version='1.0' encoding='utf-7'?><a/>",
    ],
)
def test_hostile_or_broken_xml_is_refused(data: bytes) -> None:
    assert refused(data)


def test_document_type_in_another_encoding_is_refused_too() -> None:
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"):
        refused('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode(encoding))


def test_too_large_a_message_is_refused_before_it_is_parsed() -> None:
    refused(b"<a>" + b" " * MOST_BYTES + b"</a>")


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quetsach.avreport.tree.MOST_ELEMENTS", 1000)
    refused(b"<a>" + b"<b/>" * 1000 + b"</a>")


def test_namespace_that_is_declared_on_each_machine_is_no_attack() -> None:
    each = b'<a xmlns:i="x"/>' * 5000
    assert len(parse(b"<r>" + each + b"</r>", "x")) == 5000


def test_message_in_another_known_encoding_is_read() -> None:
    text = GOOD.decode().replace("encoding='UTF-8'", "encoding='UTF-16'")
    assert parse(text.encode("utf-16"), "x").tag == "edXMLEnvelope"
    assert parse(GOOD, "x").tag == "edXMLEnvelope"


def test_nothing_but_the_message_is_opened(tmp_path: Path) -> None:
    outside = tmp_path / "outside.xml"
    outside.write_bytes(b"<b>secret</b>")
    include = (
        f'<a xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="{outside.as_uri()}"/>'
        f'<?xml-stylesheet href="{outside.as_uri()}"?></a>'
    )
    assert "secret" not in "".join(map(str, parse(include.encode(), "x").itertext()))
