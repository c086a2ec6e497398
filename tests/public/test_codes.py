"""Which codes live: told by the unit's name, at once, and not to who tries them out."""

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from quetsach_public import tickets
from quetsach_public.app import Application
from quetsach_public.codes import (
    ALPHABET,
    LENGTH,
    CodeAudience,
    Codes,
    CodesError,
    CodeUnit,
    codes_text,
    drawn,
    format_code,
    is_mistyped,
    plain,
    read_codes,
    read_salt,
)
from quetsach_public.joining import OF_A_CODE
from quetsach_public.lookups import BURST
from quetsach_public.pages.campaign import LANGUAGES, prefix, texts
from quetsach_public.pages.materials.wording import words
from quetsach_public.settings import Settings
from tests.public.asking import Got, asked, ticket_of
from tests.public.made import NOW, made_home

UNIT = CodeUnit("UBND xã Một & <Hai>", CodeAudience.STAFF)
LONG, DEAD = "3net3taoavti63yqqqqqqqqqqq", "aaaaaaaaaaaaaaaaaaaaaaaaaa"
SHORT, OTHER = (drawn(random.Random(seed).randrange) for seed in (1, 2))
SALT = b"s" * 16


def text(*, runs: bool = True) -> bytes:
    return codes_text([(LONG, UNIT), (SHORT, UNIT)], runs=runs, salt=SALT)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return made_home(tmp_path_factory.mktemp("home"))


@pytest.fixture
def settings(home: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(tickets, "LEAST_AGE", 0)
    home.codes.write_bytes(text())
    return home


@pytest.fixture
def app(settings: Settings) -> Application:
    return Application(settings, now=lambda: NOW)


def pressed(app: Application, code: str, **more: str) -> Got:
    sent = f"viec=joined&ma={code}&ve={ticket_of(asked(app, '/tham-gia'))}"
    return asked(app, "/tham-gia", "POST", sent, **more)


def counted(app: Application) -> list[tuple[str, int]]:
    path = app.counts.flush()
    rows = json.loads(path.read_text())["counts"] if path else []
    return [(one["code"], one["count"]) for one in rows]


def test_a_code_is_found_in_either_case_and_another_is_not() -> None:
    codes = Codes(json.loads(text()))
    assert codes.unit_of(LONG) == codes.unit_of(LONG.upper()) == codes.unit_of(SHORT) == UNIT
    assert codes.unit_of(DEAD) is codes.unit_of("") is None
    assert Codes(json.loads(codes_text([], runs=True, salt=SALT))).unit_of(LONG) is None


def test_each_of_many_codes_is_found() -> None:
    units = [CodeUnit(f"Xã {n}", list(CodeAudience)[n % 3]) for n in range(300)]
    many = [(f"code-{n}", unit) for n, unit in enumerate(units)]
    codes = Codes(json.loads(codes_text(many, runs=True, salt=SALT)))
    assert [codes.unit_of(code) for code, _unit in many] == units


def test_the_file_names_no_code_and_stays_the_same(tmp_path: Path) -> None:
    assert text() == text()
    assert not any(code.encode() in text() for code in (LONG, SHORT))
    path = tmp_path / "codes.json"
    (first, _of), (second, of) = read_salt(path), read_salt(path)
    assert first != second
    assert of == ""
    path.write_bytes(codes_text([], runs=True, salt=SALT, of="a"))
    assert read_salt(path) == (SALT, "a")


@pytest.mark.parametrize(
    "damage",
    [
        {"format": "quetsach-codes/2"},
        {"salt": ""},
        {"keys": "!"},
        {"places": [0]},
        {"places": [0, 3]},
        {"places": [0, -1]},
        {"names": None},
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, damage: dict[str, object]) -> None:
    with pytest.raises(CodesError):
        Codes({**json.loads(text()), **damage})
    (tmp_path / "codes.json").write_bytes(text()[:-9])
    with pytest.raises(CodesError):
        read_codes(tmp_path / "codes.json")


@pytest.mark.parametrize(
    "code", [LONG, LONG.upper(), SHORT, format_code(SHORT), format_code(SHORT).lower()]
)
def test_the_page_names_the_unit_and_the_thanks_do(app: Application, code: str) -> None:
    page = asked(app, f"/tham-gia?ma={code}").text
    assert "Bạn tham gia qua: <strong>UBND xã Một &amp; &lt;Hai&gt;</strong>" in page
    assert texts("vi")["join"]["staff"] in page
    answer = pressed(app, code)
    thanks = asked(app, answer.headers["Location"]).text
    assert "Đã nhận cho UBND xã Một &amp; &lt;Hai&gt;." in thanks
    # The address to share bears the code of the staff: it is not for families.
    assert texts("vi")["thanks"]["share_staff"] in thanks
    ((sent, many),) = counted(app)
    assert sent in (code, SHORT)
    assert many == 1


@pytest.mark.parametrize("code", [DEAD, OTHER, format_code(OTHER)])
def test_a_code_that_nobody_has_is_told_at_once_and_counts_nothing(
    app: Application, code: str
) -> None:
    for page in (asked(app, f"/tham-gia?ma={code}"), pressed(app, code)):
        assert texts("vi")["join"]["wrong_dead"] in page.text
        assert f'value="{code if "-" in code or code == DEAD else format_code(code)}"' in page.text
    assert page.status == 422
    assert counted(app) == []
    # Emptied, the form counts for the campaign.
    assert pressed(app, "").status == 303
    assert counted(app) == [("", 1)]


def test_a_mistyped_code_hears_so_before_it_is_looked_up(app: Application) -> None:
    wrong = SHORT[:-1] + ("A" if SHORT[-1] != "A" else "B")
    for page in (asked(app, f"/tham-gia?ma={wrong}"), pressed(app, wrong)):
        assert texts("vi")["join"]["wrong_typed"] in page.text
    assert counted(app) == []


def test_a_campaign_that_does_not_run_counts_nothing_and_says_so(
    app: Application, settings: Settings
) -> None:
    settings.codes.write_bytes(text(runs=False))
    for code in ("", SHORT):
        for page in (asked(app, f"/tham-gia?ma={code}"), pressed(app, code)):
            assert texts("vi")["join"]["wrong_idle"] in page.text
    assert counted(app) == []


def test_R6_who_tries_codes_hears_of_none_any_more_and_others_do(app: Application) -> None:
    for number in range(int(BURST)):
        asked(app, f"/tham-gia?ma=aaaaaaaaaaaaaaaaaaaaaaaa{number:02}")
    for code in (SHORT, OTHER):
        page = asked(app, f"/tham-gia?ma={code}").text
        assert "UBND" not in page
        assert texts("vi")["join"]["wrong_dead"] not in page
        answer = pressed(app, code)
        assert answer.headers["Location"] == f"/cam-on?ma={code}"
        assert texts("vi")["thanks"]["code"] in asked(app, answer.headers["Location"]).text
    # A neighbour behind the same address is counted all the same, and a dead code is not.
    assert counted(app) == [(SHORT, 1)]
    assert "UBND" in asked(app, f"/tham-gia?ma={SHORT}", remote="192.0.2.99").text


def test_a_hall_that_reads_one_old_poster_hears_so_to_the_last(app: Application) -> None:
    for _ in range(int(BURST) + 20):
        page = asked(app, f"/tham-gia?ma={DEAD}").text
        assert texts("vi")["join"]["wrong_dead"] in page
    # They tried no codes, so others are told of as ever.
    assert "UBND" in asked(app, f"/tham-gia?ma={SHORT}").text


def test_a_units_two_codes_share_what_one_address_counts(app: Application) -> None:
    for number in range(OF_A_CODE + 10):
        pressed(app, (LONG, SHORT)[number % 2])
    assert OF_A_CODE <= sum(many for _code, many in counted(app)) <= OF_A_CODE + 1


def test_materials_name_the_unit_and_forget_a_code_that_nobody_has(app: Application) -> None:
    page = asked(app, f"/tai-lieu?ma={SHORT}").text
    assert "được đếm cho UBND xã Một &amp; &lt;Hai&gt;." in page
    dead = asked(app, f"/tai-lieu?ma={DEAD}").text
    assert words("vi")["page"]["lead_unit"] not in dead
    assert "được đếm cho" not in dead


def test_R6_no_page_tells_more_of_codes_than_another_does(app: Application) -> None:
    def tried(number: int) -> str:
        return f"aaaaaaaaaaaaaaaaaaaaaaaa{number:02}"

    for number in range(int(BURST)):
        asked(app, f"/{('tham-gia', 'cam-on', 'tai-lieu')[number % 3]}?ma={tried(number)}")
    for path in ("/tham-gia", "/cam-on", "/tai-lieu"):
        lives, dead = (
            asked(app, f"{path}?ma={code}").text.replace(format_code(code), "").replace(code, "")
            for code in (SHORT, OTHER)
        )
        assert re.sub(r'name="ve" value="[^"]*"', "", lives) == re.sub(
            r'name="ve" value="[^"]*"', "", dead
        )


def test_without_a_file_codes_are_taken_and_the_portal_decides(
    app: Application, settings: Settings
) -> None:
    settings.codes.unlink()
    bare = Application(settings, now=lambda: NOW)
    assert pressed(bare, DEAD).status == 303
    settings.codes.write_bytes(b"{")
    assert pressed(bare, format_code(SHORT)).status == 303
    assert dict(counted(bare)) == {DEAD: 1, SHORT: 1}
    # What was read once holds on when the portal is down.
    assert pressed(app, DEAD).status == 303


def test_the_length_of_the_page_tells_nothing_of_a_code(app: Application) -> None:
    for language in LANGUAGES:
        for packing in ("", "gzip"):
            for path in ("/tham-gia", "/cam-on"):
                start = f"{prefix(language)}{path}?ma="
                lengths = {
                    len(asked(app, start + code, HTTP_ACCEPT_ENCODING=packing).body)
                    for code in (LONG, DEAD, SHORT, OTHER)
                }
                assert len(lengths) == 1, (language, packing, lengths)


CODES = st.randoms(use_true_random=False).map(lambda chance: drawn(chance.randrange))


@given(CODES)
def test_a_code_is_read_as_it_is_shown_and_as_people_type_it(code: str) -> None:
    assert len(code) == LENGTH
    assert format_code(code) == f"{code[:4]}-{code[4:]}"
    for typed in (
        code,
        format_code(code),
        format_code(code).lower(),
        f" {' '.join(code)} ",
        f"{code[:4]}–{code[4:]}",
    ):
        assert plain(typed) == code
    looks_like = code.replace("0", "o").replace("1", "l").replace("V", "u")
    assert plain(looks_like) == plain(code.replace("0", "q")) == code


@hypothesis_settings(max_examples=40)
@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(code: str, place: int, other: str) -> None:
    typed = code[:place] + other + code[place + 1 :]
    assert (plain(typed) == code) == (typed == code)
    assert is_mistyped(typed) == (typed != code)


@given(CODES, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_two_characters_in_each_others_place_are_noticed(code: str, one: int, two: int) -> None:
    signs = list(code)
    signs[one], signs[two] = signs[two], signs[one]
    assert is_mistyped("".join(signs)) == ("".join(signs) != code)


@pytest.mark.parametrize(
    "text", ["", "3net3taoavti63yqqqqqqqqqqq", "abc-12", "Đ7K3M9QX", "7K3M_9QX"]
)
def test_what_has_another_form_is_no_short_code(text: str) -> None:
    assert not plain(text)
    assert not is_mistyped(text)


def test_no_two_drawn_codes_are_alike() -> None:
    chance = random.Random(7)
    assert len({drawn(chance.randrange) for _ in range(1000)}) == 1000
