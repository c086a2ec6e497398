"""Line ends of other systems end lines where a file uses them, and are counted elsewhere."""

import random
from pathlib import Path

import pytest

from quetsach.containers.streams import Codec
from quetsach.evidence.line_ends import LineEndRewriter, LineEnds, OddEnds, line_ends_of, rewritten
from quetsach.evidence.lines import SplitStream

LINES = [b"2026-09-01 08:15:22 10.20.3.41 bad.example", "dòng có dấu “”".encode(), b"x"]


@pytest.mark.parametrize(
    ("sign", "ends"),
    [
        (b"\n", LineEnds.NEWLINE),
        (b"\r\n", LineEnds.NEWLINE),
        (b"\r\r\n", LineEnds.NEWLINE),
        (b"\r", LineEnds.RETURN),
        ("\u2028".encode(), LineEnds.SEPARATOR),
        ("\u2029".encode(), LineEnds.SEPARATOR),
        ("\u0085".encode(), LineEnds.SEPARATOR),
    ],
)
def test_a_file_is_read_by_the_line_ends_that_it_uses_and_no_offset_moves(
    sign: bytes, ends: LineEnds
) -> None:
    text = sign.join(LINES) + sign
    assert line_ends_of(text) is ends
    plain = rewritten(text, ends)
    assert len(plain) == len(text)
    assert [one.strip() for one in plain.split(b"\n") if one.strip()] == LINES
    assert [plain.index(one) for one in LINES] == [text.index(one) for one in LINES]


def test_in_json_a_separator_is_a_sign_of_a_text() -> None:
    text = '{"message": "a\u2028b\u2028c\u2028d"}\n'.encode()
    assert line_ends_of(text) is LineEnds.JSON
    assert rewritten(text, LineEnds.JSON) == text


def test_pieces_of_any_size_give_the_same_text_and_count() -> None:
    chance = random.Random(15)
    signs = [
        b"\n",
        b"\r",
        b"\r\n",
        b"\r\r",
        "\u2028".encode(),
        "\u0085".encode(),
        b"\xe2",
        b"\xc2x",
    ]
    for _ in range(100):
        text = b"".join(chance.choice([*signs, b"a", b"bc"]) for _ in range(30))
        size = chance.randrange(1, 6)
        pieces = [text[place : place + size] for place in range(0, len(text), size)]
        whole, counted = OddEnds(), OddEnds()
        whole.add(text)
        for piece in pieces:
            counted.add(piece)
        assert counted.count == whole.count, text
        for ends in LineEnds:
            rewriter = LineEndRewriter(ends)
            joined = b"".join(map(rewriter.of, pieces)) + rewriter.rest()
            assert joined == rewritten(text, ends)
            assert len(joined) == len(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (b"a\r\nb\r\r\nc\n", 0),
        (b"a\rb\n", 1),
        (b"a\r\rb\r", 2),
        ("a\u2028b\u0085\n“c”".encode(), 2),
    ],
)
def test_signs_within_lines_are_counted(text: bytes, count: int) -> None:
    ends = OddEnds()
    ends.add(text)
    assert ends.count == count


def test_what_follows_decides_about_the_last_sign() -> None:
    for behind, count in ((b"\n", 0), (b"\r\n", 0), (b"x", 1), (b"", 1)):
        ends = OddEnds()
        ends.add(b"a\r")
        ends.follow(behind[:1])
        ends.follow(behind[1:])
        assert ends.count == count


@pytest.mark.parametrize("sign", [b"\n", b"\r"])
def test_splits_of_any_size_begin_each_line_once(sign: bytes, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    for text in (sign.join(LINES), sign.join(LINES) + sign, sign * 3, b"", b"x"):
        log.write_bytes(text)
        ends = LineEnds.RETURN if sign == b"\r" else LineEnds.NEWLINE
        for step in (1, 2, 7, 1000):
            begun = 0
            for offset in range(0, len(text), step):
                length = min(step, len(text) - offset)
                stream = SplitStream(log, Codec.PLAIN, offset, length, ends)
                for _piece in stream.read(file_size=len(text)):
                    pass
                begun += stream.lines_begun
            assert begun == len(text.replace(sign, b"\n").splitlines()), (text, step)
