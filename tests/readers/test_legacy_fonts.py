"""TCVN3 and VNI: every Vietnamese letter there and back, and no Unicode text touched."""

import shutil
import subprocess
import unicodedata

import pytest

from quetsach.readers.contract import BlockKind, BlockPlace, DocumentBlock
from quetsach.readers.legacy_fonts import coding_of, from_tcvn3, from_vni, to_unicode

VOWELS = "aăâeêioôơuưy"
TONES = "", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
SMALL = [unicodedata.normalize("NFC", v + tone) for v in VOWELS for tone in TONES] + ["đ"]
LETTERS = SMALL + [one.upper() for one in SMALL]
SENTENCE = (
    "Thực hiện Công văn của Sở Thông tin và Truyền thông về việc rà quét mã độc, các đơn vị báo "
    "cáo kết quả đến Ủy ban nhân dân huyện: bad-1.example, 203.0.113.7, hxxp://x[.]example/a?b=1"
)


def _typed(letters: str, convert: object) -> str:
    """Return how `letters` were typed: found by trying, so from the tables' other end."""
    assert callable(convert)
    signs = [chr(code) for code in range(0xA0, 0x100)]
    plain = "aeouyAEOUYÔôÖöÂâ"
    known = {convert(one): one for one in signs}
    pairs = {convert(a + b): a + b for a in plain for b in signs if len(convert(a + b)) == 1}
    return "".join({**known, **pairs}.get(one, one) for one in letters)


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_of_vni_is_reached(letter: str) -> None:
    # These two are drawn as they are.
    assert letter.isascii() or letter in "íìÍÌ" or _typed(letter, from_vni) != letter


@pytest.mark.parametrize("letter", SMALL)
def test_every_small_letter_of_tcvn3_is_reached(letter: str) -> None:
    assert letter.isascii() or ord(_typed(letter, from_tcvn3)) < 0x100


@pytest.mark.skipif(shutil.which("iconv") is None, reason="iconv, the judge, is not installed")
def test_tcvn3_is_what_the_c_library_says() -> None:
    # Its VN1 has more letters than VN3, the one of the fonts: capitals with a tone.
    codes = [code for code in range(0xA1, 0x100) if from_tcvn3(chr(code)) != chr(code)]
    codes.append(0xFD)  # ý is itself
    raw = b"\n".join(bytes([code]) for code in codes)
    judge = subprocess.run(
        ["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"], input=raw, capture_output=True
    )
    if judge.returncode != 0:
        pytest.skip("this iconv knows no TCVN5712-1")
    theirs = unicodedata.normalize("NFC", judge.stdout.decode()).split("\n")
    assert theirs == [from_tcvn3(chr(code)) for code in codes]
    assert len(codes) == 74


@pytest.mark.parametrize(("coding", "convert"), [("TCVN3", from_tcvn3), ("VNI", from_vni)])
def test_a_sentence_goes_there_and_back_and_is_known(coding: str, convert: object) -> None:
    assert callable(convert)
    # Capitals with a tone have no sign in TCVN3.
    sentence = SENTENCE.replace("Ủ", "ủ")
    typed = _typed(sentence, convert)
    assert convert(typed) == sentence
    assert coding_of(typed) == coding


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        "",
        "plain ascii only, bad.example",
        "Voilà un café très français, où l'été côtoie la forêt; déjà vu à la carte, même là.",
        "Ñandú y cigüeña: año, señor, corazón, está, también, más, sí.",
    ],
)
def test_unicode_and_other_languages_are_left_alone(text: str) -> None:
    assert coding_of(text) == ""


def test_blocks_in_unicode_stay_beside_blocks_in_an_old_coding() -> None:
    old = _typed(SENTENCE.replace("Ủ", "ủ"), from_tcvn3)
    blocks = [
        DocumentBlock(BlockKind.PARAGRAPH, "Số liệu được tổng hợp", BlockPlace()),
        DocumentBlock(BlockKind.PARAGRAPH, old, BlockPlace()),
        DocumentBlock(
            BlockKind.ROW, "1\tcña", BlockPlace(), ("1", "cña"), ("https://x.example/à",)
        ),
    ]
    coding, turned = to_unicode(blocks)
    assert coding == "TCVN3"
    assert turned[0] is blocks[0]
    assert turned[1].text == SENTENCE.replace("Ủ", "ủ")
    assert (turned[2].cells, turned[2].links) == (("1", "của"), ("https://x.example/à",))
