"""XML of strangers: bombs, outside files, depth, size and wrong codings are refused."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode
from quetsach.containers.xml import (
    IN_MESSAGES,
    IN_OFFICE_PARTS,
    MOST_PROLOG_BYTES,
    XmlBounds,
    parse,
    recover,
    refuse_document_type,
    text_of,
    walk,
)
from tests.containers.samples import code_of

GOOD = '<?xml version="1.0" encoding="UTF-8"?>\n<edXMLEnvelope><x>nội dung</x></edXMLEnvelope>'
BOMB = b"""<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><a>&d;</a>"""
TYPES = [
    BOMB,
    b"<!DOCTYPE a><a/>",
    b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://192.0.2.1/x.dtd"> %p;]><a/>',
]
BROKEN = [
    b"",
    b"text",
    b"<a>",
    b"<a></b>",
    b"<a>&unknown;</a>",
    b"<a>\x00</a>",
    b"<a>\xff\xfe</a>",
    b'<?xml version="1.0" encoding="no-such"?><a/>',
    b'<?xml version="1.0" encoding="UTF-16"?><a/>',
    GOOD.encode()[:-20],
    GOOD.encode() * 2,
    b"<?xml version='1.0' encoding='utf-7'?><a/>",
]
DEEP = IN_MESSAGES.depth + 1
COMPLEX = [
    b"<a>" * DEEP + b"</a>" * DEEP,
    b"<a>" * 100_000,
    b"<a " + b" ".join(b'a%d="x"' % n for n in range(60_000)) + b"/>",
    b"<a " + b" ".join(b'xmlns:a%d="x"' % n for n in range(20_000)) + b"/>",
]
MANY_ATTRIBUTES = b"<a " + b" ".join(b'a%d="x"' % n for n in range(300_000)) + b"/>"


def fault(raw: bytes, bounds: XmlBounds = IN_MESSAGES) -> str:
    return code_of(lambda: parse(raw, "m.xml", bounds))


@pytest.mark.parametrize("raw", TYPES)
@pytest.mark.parametrize("bounds", [IN_MESSAGES, IN_OFFICE_PARTS])
def test_a_document_type_is_refused_by_every_reader(raw: bytes, bounds: XmlBounds) -> None:
    assert fault(raw, bounds) == "document-type"
    assert code_of(lambda: recover(raw, "m.xml", bounds)) == "document-type"
    assert code_of(lambda: refuse_document_type([raw], "m.xml")) == "document-type"
    assert code_of(lambda: walk([raw], lambda _tag, _more: None, "m.xml")) == "document-type"


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_document_type_in_another_coding_is_refused_too(coding: str) -> None:
    raw = '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode(coding)
    assert fault(raw) in ("document-type", "damaged")
    assert code_of(lambda: recover(raw, "m.xml")) in ("document-type", "damaged")


@pytest.mark.parametrize("raw", BROKEN)
def test_broken_xml_is_refused(raw: bytes) -> None:
    assert fault(raw) == "damaged"


@pytest.mark.parametrize("raw", [*COMPLEX, MANY_ATTRIBUTES])
def test_xml_that_is_too_deep_or_too_rich_is_refused(raw: bytes) -> None:
    assert fault(raw) == "too-complex"


@pytest.mark.parametrize("raw", [COMPLEX[1], COMPLEX[2], COMPLEX[3], b"<a>" * 257 + b"</a>" * 257])
def test_the_parts_of_office_files_have_wider_bounds_of_every_kind(raw: bytes) -> None:
    """The reader of documents bounded none of these, that of uploads the depth alone."""
    assert fault(raw, IN_OFFICE_PARTS) == "too-complex"
    assert code_of(lambda: recover(raw, "m.xml")) == "too-complex"
    assert code_of(lambda: walk([raw], lambda _tag, _more: None, "m.xml")) == "too-complex"
    assert fault(COMPLEX[0], IN_OFFICE_PARTS) == ""


def test_too_large_a_message_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(ContainerRefused) as caught:
        parse(b"<a>" + b" " * IN_MESSAGES.size + b"</a>", "m.xml")
    assert caught.value.code is RefusalCode.TOO_LARGE
    assert caught.value.facts == {"member": "m.xml", "limit": 16 << 20}


def test_too_many_elements_are_refused() -> None:
    few = replace(IN_MESSAGES, elements=1000)
    assert fault(b"<a>" + b"<b/>" * 1000 + b"</a>", few) == "too-complex"
    assert fault(b"<a>" + b"<b/>" * 999 + b"</a>", few) == ""


def test_a_namespace_that_is_declared_on_each_element_is_no_attack() -> None:
    each = b'<a xmlns:i="x"/>' * 5000
    assert len(parse(b"<r>" + each + b"</r>", "x")) == 5000


def test_another_known_coding_is_read() -> None:
    text = GOOD.replace("UTF-8", "UTF-16")
    assert parse(text.encode("utf-16"), "x").tag == "edXMLEnvelope"
    assert parse(GOOD.encode(), "x").tag == "edXMLEnvelope"


def test_nothing_but_the_message_is_opened(tmp_path: Path) -> None:
    outside = tmp_path / "outside.xml"
    outside.write_bytes(b"<b>secret</b>")
    include = (
        f'<a xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="{outside.as_uri()}"/>'
        f'<?xml-stylesheet href="{outside.as_uri()}"?></a>'
    )
    assert "secret" not in "".join(map(str, parse(include.encode(), "x").itertext()))


def test_damaged_xml_is_recovered_as_far_as_it_goes_and_the_damage_is_told() -> None:
    root, damage = recover(b"<a><b>one</b><b>tw", "x")
    assert [text_of(child) for child in root] == ["one", "tw"]
    assert damage
    root, damage = recover(GOOD.encode(), "x")
    assert (root.tag, damage) == ("edXMLEnvelope", "")
    with pytest.raises(DamagedDataError):
        recover(b"no XML at all", "x")


def test_a_coding_that_expat_does_not_know_is_no_damage() -> None:
    raw = '<?xml version="1.0" encoding="GB18030"?><a>字</a>'.encode("gb18030")
    root, damage = recover(raw, "x")
    assert (root.text, damage) == ("字", "")


def test_a_document_type_behind_damage_is_refused_too() -> None:
    raw = b'<a><b></a><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    assert code_of(lambda: recover(raw, "x")) in ("document-type", "damaged", "")
    root = b"<?xml version='1.0' encoding='utf-7'?>" + BOMB
    assert code_of(lambda: recover(root, "x")) in ("document-type", "damaged")


def test_elements_are_walked_with_local_names_and_all_values() -> None:
    raw = b'<w:a xmlns:w="u" w:id="1" id="2"><b>t</b><c w:x="3"/></w:a>'
    elements, texts = [], []
    for step in (1, 7, len(raw)):
        elements.clear()
        texts.clear()
        walk(
            (raw[place : place + step] for place in range(0, len(raw), step)),
            lambda tag, more: elements.append((tag, more.get("id", ()), more.get("x", ()))),
            "x",
            on_text=texts.append,
        )
        assert elements == [("a", ("1", "2"), ()), ("b", (), ()), ("c", (), ("3",))]
        assert "".join(texts) == "t"


@pytest.mark.parametrize("step", [1 << 16, 1 << 22])
def test_a_tag_or_comment_without_end_is_refused_early(step: int) -> None:
    def endless(start: bytes, more: bytes):
        yield b"<a>" + start
        for _piece in range(50):
            yield more * (step // len(more))
        raise AssertionError

    few = replace(IN_OFFICE_PARTS, tag=1 << 20)
    for start, more in ((b"<b ", b' c="1"'), (b"<b c='", b"x"), (b"<!--", b"x")):
        pieces = endless(start, more)
        walked = code_of(lambda: walk(pieces, lambda _tag, _more: None, "x", bounds=few))  # noqa: B023 - called at once
        assert walked in ("too-complex", "damaged")


def test_a_long_tag_within_the_bounds_is_read_in_time_that_grows_with_its_length() -> None:
    text = b"x" * (3 << 20)
    raw = b"<a b='" + text + b"'/>"
    values: list[str] = []
    slices = (raw[place : place + 1000] for place in range(0, len(raw), 1000))
    started = time.process_time()
    walk(slices, lambda _tag, more: values.extend(more["b"]), "x")
    assert [len(value) for value in values] == [3 << 20]
    # Read anew with each piece it takes minutes.
    assert time.process_time() - started < 20


def test_only_the_beginning_is_read_for_a_document_type() -> None:
    def endless():
        yield b"<a>"
        raise AssertionError

    refuse_document_type(endless(), "x")
    long = b"<!--" + b" " * MOST_PROLOG_BYTES + b"--><!DOCTYPE a><a/>"
    assert code_of(lambda: refuse_document_type([long], "x")) == "damaged"
    assert code_of(lambda: refuse_document_type([b"a,b\n"], "x")) == "damaged"
