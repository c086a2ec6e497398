"""No person is left in a masked line, of any dialect; what the line is shown for stays."""

import pytest

from quetsach.formats.dialects.reading import tokens_of
from quetsach.formats.dialects.shipped_dialects import DialectFormat, dialect_formats
from quetsach.formats.persons import MASK, masked, masked_row, persons_in
from quetsach.formats.shared.peeling import peel
from tests.formats.golden import SAMPLES, ZONE, lines_of, samples


@pytest.mark.parametrize("form", dialect_formats(), ids=lambda form: form.name)
def test_what_a_dialect_calls_a_person_is_masked_in_each_of_its_samples(
    form: DialectFormat,
) -> None:
    for path in samples(form):
        for _, line in lines_of(path.read_bytes()):
            for layer in peel(line, ZONE, None):
                tokens = tokens_of(form.dialect, layer) if form.takes(layer) else {}
                persons = [tokens.get(name) for name in form.dialect.persons]
                shown = masked(line.decode("utf-8", "backslashreplace"), persons_in(line))
                for person in persons:
                    if isinstance(person, str) and any(sign in person for sign in "@\\."):
                        assert f'{person}"' not in shown, line


def test_no_mail_address_of_any_sample_is_left() -> None:
    for path in sorted(SAMPLES.glob("*/*.log")):
        for _, line in lines_of(path.read_bytes()):
            shown = masked(line.decode("utf-8", "backslashreplace"), persons_in(line))
            assert "an.nt@" not in shown, path


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            'src=10.20.3.41 user="Nguyễn Văn An" dst=203.0.113.77',
            'src=10.20.3.41 user="***" dst=203.0.113.77',
        ),
        (
            "a mail to an.nt@trang.example went to 203.0.113.77",
            "a mail to *** went to 203.0.113.77",
        ),
        ("login xa\\\\an.nt from 10.20.3.41", "login *** from 10.20.3.41"),
        ("C:\\\\Users\\\\an.nt\\\\cap-nhat.exe", "C:\\\\Users\\\\***\\\\cap-nhat.exe"),
        ("user=- dst=203.0.113.77 host=bad.example", "user=- dst=203.0.113.77 host=bad.example"),
        ("from=10.20.3.41 to=203.0.113.77", "from=10.20.3.41 to=203.0.113.77"),
    ],
)
def test_a_mask_takes_persons_and_leaves_the_contact(line: str, shown: str) -> None:
    assert masked(line, persons_in(line.encode())) == shown


def test_every_text_of_a_row_is_masked() -> None:
    line = b'user="an.nt" src=10.20.3.41 agent="app of an.nt"'
    row = {"source.ip": "10.20.3.41", "user_agent.original": "app of an.nt", "source.port": 5}
    assert masked_row(row, line) == {**row, "user_agent.original": f"app of {MASK}"}


def test_hostile_lines_end_soon() -> None:
    for line in (b"user=" * 20_000, b"a@" * 30_000, b"x" * 60_000, b"a\\" * 30_000):
        assert all(len(name) <= 256 for name in persons_in(line))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("nva", "09/01/2026:01:15:25 GMT a 0-PPE-0 : default AAA LOGIN_FAILED 1 0 : User nva - x"),
        ("nva", "httpd[1]: 01070417:4: AUDIT - user nva - RAW: x"),
        (
            "nva",
            "SESSION: 10.20.3.41:5->203.0.113.77:80(TCP), vr trust-vr, policy 2, user nva@l, x",
        ),
        ("nva", "1.0|WatchGuard|XTM|12|3E000002|msg=SSL VPN user nva from 198.51.100.7 logged in"),
        ("nva", 'sessiond[1]: msg_id="3E00-0002" Management user nva from 10.20.3.46 logged in'),
    ],
)
def test_a_person_who_stands_in_a_sentence_is_one(name: str, line: str) -> None:
    assert name in persons_in(line.encode())


def test_persons_are_known_behind_vietnamese_words() -> None:
    line = "mở http://bad.example/ – người dùng: Nguyễn Văn Ánh (nguyen.van.anh), máy 10.1.1.7"
    assert persons_in(line.encode()) == ["Nguyễn Văn Ánh", "nguyen.van.anh"]
    assert persons_in("Tài khoản: le.thi.b mở bad.example".encode()) == ["le.thi.b"]
