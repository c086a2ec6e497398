"""The table of steps: whole in each language, each place with its own, and on the public pages."""

import re
from html import unescape
from pathlib import Path

import pytest

from quetsach.instructions.steps import (
    AT_ONCE,
    GROUPS,
    PLACE_PATHS,
    WORK,
    WORKPLACES,
    MachinePlace,
    at_once,
    home_steps,
    instruction,
    join_words,
    not_at_work,
    technicians_work,
    words_of,
)
from quetsach_public.app import Application
from quetsach_public.codes import CodeAudience, CodeUnit, codes_text
from quetsach_public.pages.building import PLATFORMS
from quetsach_public.pages.campaign import LANGUAGES, prefix, texts
from quetsach_public.settings import Settings
from tests.public.asking import asked
from tests.public.made import CAMPAIGN, NOW, made_home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return made_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def app(home: Settings) -> Application:
    return Application(home, now=lambda: NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_step_and_nothing_that_no_place_uses(language: str) -> None:
    words, first = words_of(language), words_of("vi")
    used = {code for codes in (*AT_ONCE.values(), WORK, *GROUPS.values()) for code in codes}
    assert set(words["steps"]) == used
    assert {code: set(step) for code, step in words["steps"].items()} == {
        code: set(step) for code, step in first["steps"].items()
    }
    assert set(words["places"]) == {place.value for place in MachinePlace}
    assert set(words["groups"]) == set(GROUPS)
    assert set(words["home"]) == set(PLATFORMS)
    assert all(set(home) == set(first["home"]["windows"]) for home in words["home"].values())


def test_whoever_sits_at_a_workplace_neither_scans_nor_switches_off() -> None:
    for place in WORKPLACES:
        codes = [step.code for step in at_once(place, "vi")]
        assert codes[-4:] == ["disconnect", "leave_on", "call", "note"]
        assert not set(codes) & set(WORK)
    assert at_once(MachinePlace.CLINIC, "vi")[0].code == "patients"
    assert at_once(MachinePlace.HOME, "vi") == ()


def test_the_scanner_is_named_and_a_kind_of_machine_has_its_own_words() -> None:
    assert "Sen 4" in technicians_work("vi", tool="Sen 4")[0].text
    assert words_of("vi")["scanner"] in technicians_work("vi")[0].text
    assert instruction("disconnect", "vi", machine="windows") == instruction("disconnect", "vi")
    assert "máy bay" in instruction("disconnect", "vi", machine="android").text
    with pytest.raises(KeyError):
        instruction("format", "vi")


@pytest.mark.parametrize("place", WORKPLACES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_public_page_of_a_workplace_has_its_steps_in_their_order(
    app: Application, language: str, place: MachinePlace
) -> None:
    page = unescape(asked(app, f"{prefix(language)}{PLACE_PATHS[place]}").text)
    told = [*at_once(place, language), *technicians_work(language)]
    assert re.findall(r"<li><h[23]>(.*?)</h[23]><p>(.*?)</p>", page) == [
        (step.title, step.text) for step in told
    ]
    assert f'class="button call" href="tel:{CAMPAIGN.phone.replace(" ", "")}"' in page
    assert "IPhone" not in page
    assert "@@" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_was_seen_is_asked_whose_machine_it_is(app: Application, language: str) -> None:
    frames = app._site.site().frames[language]
    seen = frames["results"]["seen"]
    assert words_of(language)["whose"] in seen
    links = re.findall(r'<a class="button[^"]*" href="([^"]*)"', seen)
    assert links[:4] == [
        f"{prefix(language)}{path}{'@@platform@@' if place is MachinePlace.HOME else ''}"
        for place, path in PLACE_PATHS.items()
    ]
    others = [key for key in frames["results"] if key != "seen"]
    assert not [key for key in others if words_of(language)["whose"] in frames["results"][key]]


def test_under_the_code_of_a_unit_the_page_names_the_unit(home: Settings) -> None:
    unit = CodeUnit("UBND xã Một & <Hai>", CodeAudience.STAFF)
    code = "3net3taoavti63yqqqqqqqqqqq"
    home.codes.write_bytes(codes_text([(code, unit)], runs=True, salt=b"s" * 16))
    app, path = Application(home, now=lambda: NOW), PLACE_PATHS[MachinePlace.OFFICE]
    assert "UBND xã Một &amp; &lt;Hai&gt;" in asked(app, f"{path}?ma={code}").text
    assert "UBND xã Một" not in asked(app, path).text
    assert asked(app, f"{path}?ma=aaaaaaaaaaaaaaaaaaaaaaaaaa").status == 200


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("machine", PLATFORMS)
def test_at_home_the_cleaning_steps_stand_and_send_people_at_work_to_their_own(
    app: Application, language: str, machine: str
) -> None:
    page = unescape(asked(app, f"{prefix(language)}/lam-sach/{machine}").text)
    places = [page.index(step.title) for step in home_steps(language, machine)]
    assert places == sorted(places)
    assert not_at_work(language) in page
    assert not_at_work(language) in unescape(asked(app, f"{prefix(language)}/lam-sach").text)
    assert texts(language)["steps"][machine] == words_of(language)["home"][machine]


SOURCES = ("src/quetsach_public", "src/quetsach_portal", "src/quetsach", "collect", "docs")
ORDERS = re.compile(
    r"rút (?:dây|cáp) mạng|tắt wi-fi|để máy (?:bật|vẫn bật|tiếp tục chạy)|không tắt máy"
    r"|pull out the (?:network )?cable|unplug the|turn off wi-fi|switch off wi-fi"
    r"|leave (?:it|the machine) (?:on|running|switched on)|quét toàn bộ máy|scan the whole",
    re.IGNORECASE,
)
NO_ORDERS = {
    # A choice on the form of what was done, and how files are compared without a network.
    "Rút dây mạng hoặc tắt Wi-Fi sau khi trang mở xong",
    "unplug the network once the page has loaded",
    # Names of parts of a text.
    *("Instruction: leave it on", "Hướng dẫn: để máy bật", "Hướng dẫn: quét toàn bộ máy"),
}


def test_no_other_text_of_the_project_tells_what_to_do_with_an_infected_machine() -> None:
    found = []
    for source in SOURCES:
        for path in sorted(Path(source).rglob("*")):
            if path.suffix not in (".py", ".toml", ".html", ".po", ".typ", ".txt", ".md"):
                continue
            if "instructions" in path.parts:
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                allowed = any(text.casefold() in line.casefold() for text in NO_ORDERS)
                if ORDERS.search(line) and not allowed:
                    found.append(f"{path}:{number}: {line.strip()[:90]}")
    assert not found, "draw these from quetsach.instructions:\n" + "\n".join(found)


JOINER = "\u2060"


def test_words_of_the_list_are_joined_and_say_the_same() -> None:
    text = "មេរោគចូលកុំព្យូទ័រ Windows ដោយ {unit}"
    joined = join_words(text)
    assert joined == text.replace("មេរោគ", f"មេ{JOINER}រោគ").replace(
        "កុំព្យូទ័រ", f"កុំ{JOINER}ព្យូ{JOINER}ទ័រ"
    )
    assert joined.replace(JOINER, "") == text


def test_the_steps_have_them_in_khmer_alone() -> None:
    assert JOINER in words_of("km")["home"]["windows"]["name"]
    assert JOINER not in str(words_of("vi")) + str(words_of("en"))
