"""One walk over the decoders: what is asked of each."""

import re

import pytest

from quetsach.captures.contract import Decoder
from quetsach.captures.registry import DECODERS, decoder_named, decoder_of
from quetsach.texts import _, use_language

each_decoder = pytest.mark.parametrize("decoder", DECODERS, ids=lambda decoder: decoder.kind)


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
