"""The public page takes slips: passed on once each, said so, and never dropped in silence."""

import json
import random
from pathlib import Path

import pytest

from quetsach_public import counts
from quetsach_public.app import Application
from quetsach_public.codes import SLIP_LENGTH, drawn, format_code, plain
from quetsach_public.joining import WITHOUT_CODE
from quetsach_public.pages.campaign import LANGUAGES, prefix, texts
from quetsach_public.settings import Settings
from tests.public.asking import asked
from tests.public.made import NOW, made_home

SLIP = drawn(random.Random(5).randrange, SLIP_LENGTH)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return made_home(tmp_path_factory.mktemp("home"))


def counted(app: Application, inbox: Path) -> list[tuple[str, str, int]]:
    path = app.counts.flush()
    if path is None:
        return []
    rows = json.loads(path.read_text())["counts"]
    return [(row["act"], row["code"], row["count"]) for row in rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_slip_is_passed_on_as_it_is_typed_and_opening_its_address_counts_nothing(
    home: Settings, language: str
) -> None:
    app, words = Application(home, now=lambda: NOW), texts(language)["slip"]
    address = f"{prefix(language)}/phieu"
    page = asked(app, f"{address}?ma={SLIP}")
    assert f'value="{format_code(SLIP)}"' in page.text
    assert words["heading"] in page.text
    assert "Set-Cookie" not in page.headers
    assert counted(app, home.inbox) == []
    sent = asked(app, address, "POST", f"ma={format_code(SLIP).lower()}")
    assert words["sent_text"] in sent.text
    assert counted(app, home.inbox) == [("joined", SLIP, 1)]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "wrong_form"),
        ("7K3M-9PXR", "wrong_form"),
        ("%3Cb%3E", "wrong_form"),
        (SLIP[:4] + ("2" if SLIP[4] != "2" else "3") + SLIP[5:], "wrong_typed"),
    ],
)
def test_what_is_no_slip_is_said_and_not_counted(home: Settings, typed: str, key: str) -> None:
    app = Application(home, now=lambda: NOW)
    page = asked(app, "/phieu", "POST", f"ma={typed}")
    assert (page.status, texts("vi")["slip"][key] in page.text) == (422, True)
    assert "<b>" not in page.text
    assert counted(app, home.inbox) == []


def test_a_slip_typed_in_the_form_for_codes_is_led_to_its_own(home: Settings) -> None:
    app = Application(home, now=lambda: NOW)
    for got in (
        asked(app, f"/km/tham-gia?ma={SLIP}"),
        asked(app, "/km/tham-gia", "POST", f"ma={SLIP}&viec=joined&ve=x"),
    ):
        assert (got.status, got.headers["Location"]) == (303, f"/km/phieu?ma={SLIP}")
    assert counted(app, home.inbox) == []


@pytest.mark.parametrize("path", ["/", "/phieu", "/tai-lieu", "/cam-on", "/lam-sach"])
def test_the_code_of_a_slip_is_carried_into_no_link(home: Settings, path: str) -> None:
    app = Application(home, now=lambda: NOW)
    for typed in (SLIP, format_code(SLIP), format_code(SLIP).lower()):
        assert f"ma={typed}" not in asked(app, f"{path}?ma={typed}").text
    assert "ma=abc-12" in asked(app, f"{path}?ma=abc-12").text


def test_one_address_is_told_when_it_sends_too_many(home: Settings) -> None:
    app = Application(home, now=lambda: NOW)
    slips = [drawn(random.Random(seed).randrange, SLIP_LENGTH) for seed in range(WITHOUT_CODE + 1)]
    statuses = [asked(app, "/phieu", "POST", f"ma={slip}").status for slip in slips]
    assert statuses == [200] * WITHOUT_CODE + [429]
    assert len(counted(app, home.inbox)) == WITHOUT_CODE


def test_a_slip_without_room_is_never_said_to_be_sent(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "MOST_KINDS", 1)
    app = Application(home, now=lambda: NOW)
    others = drawn(random.Random(6).randrange, SLIP_LENGTH)
    assert asked(app, "/phieu", "POST", f"ma={others}").status == 200
    page = asked(app, "/phieu", "POST", f"ma={SLIP}")
    assert (page.status, texts("vi")["slip"]["sent_text"] in page.text) == (503, False)
    assert app.counts.dropped == 1
    assert counted(app, home.inbox) == [("joined", others, 1)]
    assert asked(app, "/phieu", "POST", f"ma={SLIP}").status == 200
    assert counted(app, home.inbox) == [("joined", SLIP, 1)]


def test_a_single_wrong_character_or_two_changed_about_is_always_noticed() -> None:
    wrong = [SLIP[:place] + sign + SLIP[place + 1 :] for place in range(12) for sign in "0A9Z"]
    wrong += [SLIP[:p] + SLIP[p + 1] + SLIP[p] + SLIP[p + 2 :] for p in range(11)]
    assert not [text for text in wrong if text != SLIP and plain(text, SLIP_LENGTH)]
