"""What a head cannot do without lets each format have its files, whole and damaged ones."""

import random
from collections.abc import Iterator

from quetsach.formats.coded_forms import CODED, LENIENT, FileHead
from quetsach.formats.contract import HEAD_BYTES
from tests.formats.golden import CASES


def test_the_names_are_those_of_the_formats() -> None:
    assert all(form.format.name == form.name for form in (*CODED, *LENIENT))


def test_no_format_loses_a_file_that_it_knows() -> None:
    asked = answered = 0
    for head in (*_samples(), *_damaged(random.Random(20260901))):
        shown = FileHead(head)
        for form in (*CODED, *LENIENT):
            asked += form.may_know(shown)
            if form.format.recognise(head):
                answered += 1
                assert form.may_know(shown), (form.name, head[:300])
    assert answered > len(CASES) // 4
    # Otherwise it would spare nothing.
    assert asked < 9 * answered


def _samples() -> Iterator[bytes]:
    for _form, sample in CASES:
        yield sample.read_bytes()[:HEAD_BYTES]


def _damaged(chance: random.Random) -> Iterator[bytes]:
    """Yield heads of the kinds that are met: cut anywhere, put together, with other line ends."""
    texts = list(_samples())
    for _ in range(60):
        one, other = chance.choice(texts), chance.choice(texts)
        lines = [*one.split(b"\n")[: chance.randrange(1, 30)], *other.split(b"\n")[:20]]
        yield b"\n".join(lines)
        yield one[chance.randrange(len(one) or 1) :]
        yield one[: chance.randrange(len(one) or 1)]
        yield b"\xef\xbb\xbf" + one.replace(b"\n", b"\r\n")
        yield b"".join(chance.choice((line.upper(), b"  " + line, line)) + b"\n" for line in lines)
