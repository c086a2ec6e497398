"""One walk over the decoders: what is asked of each."""

import gzip
import re
from pathlib import Path

import pytest

from quetsach.captures.contract import Decoder
from quetsach.captures.registry import capture_readers, decoder_for, decoder_named, decoder_of
from quetsach.texts import _, use_language

each_decoder = pytest.mark.parametrize(
    "decoder", capture_readers(), ids=lambda decoder: decoder.kind
)


@each_decoder
def test_has_a_short_kind_and_says_what_it_reads_in_vietnamese(decoder: Decoder) -> None:
    use_language("vi")
    assert re.fullmatch(r"[a-z][a-z0-9-]{1,20}", decoder.kind)
    assert decoder_named(decoder.kind) is decoder
    assert _(decoder.title) != decoder.title
    assert _(decoder.reads) != decoder.reads


@each_decoder
@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\x00" * 512,
        b"Sep  1 08:15:22 fw1 kernel: IN= OUT=eth0 SRC=10.20.3.41 DST=203.0.113.77\n",
        b"\xff" * 512,
        b"1788225322.123 5 10.20.3.41 TCP_MISS/200 1 GET http://bad.example/ - D/1 t\n",
        b"\x7fELF" + bytes(100),
        bytes(range(256)),
    ],
)
def test_knows_no_text_and_no_noise(decoder: Decoder, head: bytes) -> None:
    assert not decoder.recognise(head, "a.log")


def test_the_first_that_knows_it_is_taken() -> None:
    decoder = decoder_of(b'[\n {"a": 1},\n {"a": 2}\n]', "a.json")
    assert decoder is not None
    assert decoder.kind == "json"
    assert decoder_of(b"", "a.json") is None


def test_a_text_is_shown_to_the_decoder_of_documents_alone(tmp_path: Path) -> None:
    heads = [
        b"Sep  1 08:15:22 fw1 kernel: IN= OUT=eth0",
        b"\xef\xbb\xbfdate,time,action,src,dst,port\n",
        b"PKts: a log that begins like an archive",
        b"ElfFiles are no text, but this line is one",
        b"\n\r\r\n\x1a+<M\x01\x00\x00\x00" + bytes(20),
        b"SQLite format 3\x00" + bytes(40),
        b'{"a": {"b": 1}}\n{"a": {"b": 2}}\n',
        b'[{"a": 1}, {"a": 2}]' + b" " * 20,
    ]
    for head in heads:
        asked = next((one for one in capture_readers() if one.recognise(head, "a.log")), None)
        assert decoder_of(head, "a.log") is asked
        log = tmp_path / "a.log"
        log.write_bytes(head)
        assert decoder_for(log, "a.log") is asked
        log.write_bytes(gzip.compress(head))
        assert decoder_for(log, "a.log") is asked
