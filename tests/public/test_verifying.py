"""Real or fake: what is said of a number with a code or day, and what the file tells nobody."""

from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from quetsach_public.app import Application
from quetsach_public.documents import (
    DocumentsError,
    DocumentStatus,
    PublicDocument,
    read_documents,
    write_documents,
)
from quetsach_public.pages.campaign import texts
from tests.public.asking import asked
from tests.public.made import NOW, made_home
from tests.public.papers import ALL, CODE, LETTER, OLD

WORDS = texts("vi")["documents"]


@pytest.fixture
def app(tmp_path: Path) -> Application:
    settings = made_home(tmp_path / "home")
    write_documents(settings.documents, ALL, NOW)
    return Application(settings, now=lambda: NOW, check_interval_s=0)


def sent(app: Application, number: str, code: str, prefix: str = "") -> tuple[int, str]:
    got = asked(app, f"{prefix}/that-hay-gia", "POST", urlencode({"so": number, "ma": code}))
    assert got.headers["Cache-Control"] == "no-store"
    return got.status, unescape(got.text)


@pytest.mark.parametrize(
    ("number", "code", "kind"),
    [
        ("05/BC-UBND", "5b2f 50a8 4b3f ae7c", "valid"),
        ("", "5B2F-50A8-4B3F-AE7C", "valid"),
        ("Số: 5 / bc–ubnd", "20/9/2022", "valid"),
        ("4/BC-UBND", "o123456789abcdef", "replaced"),
        ("12/UBND-TH", "ngày 05 tháng 9 năm 2022", "valid"),
        ("12/UBND-TH", "2022-09-05", "valid"),
        ("13/UBND-TH", "06.09.2022", "undone"),
        ("", "f" * 16, "handed-in"),
        ("1790/STTTT", "30/8/2022", "basis"),
        ("12/UBND-TH", "06/09/2022", "unknown"),
        ("05/BC-UBND", "a" * 16, "unknown"),
        ("99/BC-UBND", CODE, "wrong-code"),
        ("99/BC-UBND", "a" * 16, "unknown"),
        ("99/BC-UBND", "05/09/2022", "unknown"),
        ("", "a" * 16, "unknown"),
    ],
)
def test_each_answer_says_what_it_is_and_what_to_do(
    app: Application, number: str, code: str, kind: str
) -> None:
    status, page = sent(app, number, code)
    assert status == 200
    assert f"<h2>{WORDS[kind]}</h2>" in page
    assert WORDS[f"{kind}-text"] in page
    assert WORDS[f"{kind}-todo"] in page


def test_what_is_found_says_what_kind_of_paper_and_what_about(app: Application) -> None:
    assert f"<dd>{WORDS['report']}</dd>" in sent(app, "", CODE)[1]
    letter = sent(app, "12/UBND-TH", "5/9/2022")[1]
    assert f"<dt>{WORDS['subject']}</dt><dd>{LETTER.subject}</dd>" in letter
    assert WORDS["report"] not in letter


def test_a_replaced_one_names_what_counts_instead(app: Application) -> None:
    _status, page = sent(app, "", OLD)
    assert f"<dt>{WORDS['by']}</dt><dd>05/BC-UBND, 20/09/2022, bản 2</dd>" in page
    assert "<dd>UBND xã A & B</dd>" in page


@pytest.mark.parametrize(
    ("number", "code", "wrong"),
    [
        ("05/BC-UBND", "", "no-code"),
        ("", "", "no-code"),
        ("", "05/09/2022", "no-number"),
        ("05/BC-UBND", "31/02/2022", "unreadable"),
        ("05/BC-UBND", "5b2f 50a8", "unreadable"),
        ("05/BC-UBND", "5b2f50a84b3fae7g", "unreadable"),
    ],
)
def test_what_cannot_be_checked_is_said_beside_its_field(
    app: Application, number: str, code: str, wrong: str
) -> None:
    status, page = sent(app, number, code)
    assert (status, WORDS[wrong] in page, 'role="alert"' in page) == (422, True, True)


def test_the_address_of_a_printed_code_works_as_on_the_portal(app: Application) -> None:
    for path in (f"/check/{CODE}/", f"/check/{CODE}", f"/en/check/{CODE.upper()}/"):
        page = asked(app, path)
        assert (page.status, "05/BC-UBND" in page.text) == (200, True), path
    assert WORDS["unknown"] in asked(app, "/check/aaaaaaaaaaaaaaaa/").text
    assert 'name="so"' in asked(app, "/check/").text
    assert asked(app, "/check/x/y").status == 404


@pytest.mark.parametrize("hostile", ["<script>x</script>", '"><b>', "@@said@@", "\x00", "é" * 900])
def test_what_is_typed_never_becomes_part_of_the_page(app: Application, hostile: str) -> None:
    got = asked(app, "/that-hay-gia", "POST", urlencode({"so": hostile, "ma": hostile})[:1900])
    assert hostile not in got.text.replace('value="@@said@@"', "")
    assert asked(app, "/check/" + hostile.replace("/", "")[:60]).status in (200, 404, 422)


def test_an_old_file_says_of_when_it_is(app: Application) -> None:
    assert "08:00, 21/09/2022" in asked(app, "/that-hay-gia").text
    assert WORDS["old"] not in asked(app, "/that-hay-gia").text
    app._now = lambda: NOW + timedelta(days=3)
    assert WORDS["old"] in sent(app, "", "a" * 16)[1]


def test_without_a_file_nothing_is_asked_for(tmp_path: Path) -> None:
    app = Application(made_home(tmp_path), now=lambda: NOW)
    page = asked(app, "/that-hay-gia")
    assert (page.status, "<form" in page.text, "tracu.example" in page.text) == (200, False, True)
    assert sent(app, "05/BC-UBND", CODE)[0] == 200


def test_a_damaged_file_does_not_replace_a_whole_one(app: Application, tmp_path: Path) -> None:
    assert WORDS["valid"] in sent(app, "", CODE)[1]
    path = tmp_path / "home" / "documents.json"
    for damage in (b"", b"[]", b'{"format":"x"}', path.read_bytes()[:-9], b"\xff"):
        path.write_bytes(damage)
        with pytest.raises(DocumentsError):
            read_documents(path)
        assert WORDS["valid"] in sent(app, "", CODE)[1]


def test_two_offices_may_share_number_and_day(tmp_path: Path) -> None:
    path = tmp_path / "documents.json"
    other = PublicDocument("UBND xã D", "12/UBND-TH", "2022-09-05", DocumentStatus.UNDONE)
    write_documents(path, [LETTER, other], NOW)
    found = read_documents(path).by_day("12/UBND-TH", "2022-09-05")
    assert {one.issuer for one in found} == {"UBND huyện", "UBND xã D"}


def test_numbers_cannot_be_tried_out_and_days_only_slowly(app: Application) -> None:
    unknown = [unescape(sent(app, number, "0" * 16)[1]) for number in ("12/UBND-TH", "77/UBND-TH")]
    assert unknown[0].replace("12/UBND-TH", "77/UBND-TH") == unknown[1]
    tries = [sent_of(app, "12/UBND-TH", f"{day:02}/08/2022") for day in range(1, 31)]
    assert tries == [200] * 30
    assert sent_of(app, "12/UBND-TH", "05/09/2022") == 503, "not even what is right"
    assert sent_of(app, "12/UBND-TH", CODE) == 200, "a code cannot be tried out"
    assert sent_of(app, "12/UBND-TH", "05/09/2022", remote="192.0.2.78") == 200


def sent_of(app: Application, number: str, typed: str, remote: str = "192.0.2.77") -> int:
    body = urlencode({"so": number, "ma": typed})
    return asked(app, "/that-hay-gia", "POST", body, remote=remote).status
