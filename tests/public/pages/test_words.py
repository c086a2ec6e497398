"""The words of the pages: one term for one thing, one kind of digits, sources of what is quoted."""

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from quetsach_public.pages.campaign import LANGUAGES, prefix, texts
from quetsach_public.pages.materials.wording import words as material_words
from tests.public.asking import Ask

KHMER_DIGITS = "០១២៣៤៥៦៧៨៩"
GOING_TO_A_SERVER = r"gọi (đến|tới|ra) máy chủ|máy chủ của mã độc|gọi lại\b|đường mạng"
OLD_KHMER = ("ម៉ាស៊ីនមេរបស់មេរោគ", "ម៉ាស៊ីនមេគ្រប់គ្រងមេរោគ", "បណ្ដាញ", " UBND", "ការិយាល័យដឹកនាំ")


def texts_of(tree: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, str):
        yield name, tree
        return
    for key, below in tree.items():
        yield from texts_of(below, f"{name}.{key}" if name else key)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_the_same_texts_with_the_same_places_to_fill(language: str) -> None:
    own = dict(texts_of(texts(language)))
    first = dict(texts_of(texts("vi")))
    assert set(own) ^ set(first) <= {"review"}
    for key, text in first.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", own[key])), key


def test_vietnamese_says_connects_to_a_control_server() -> None:
    said = dict(texts_of(texts("vi"))) | dict(texts_of(material_words("vi")))
    assert [key for key, text in said.items() if re.search(GOING_TO_A_SERVER, text)] == []
    assert "kết nối đến máy chủ điều khiển mã độc" in said["result.seen"]


@pytest.mark.parametrize(
    "folder",
    ["quetsach_public.pages.texts", "quetsach_public.pages.materials", "quetsach.instructions"],
)
def test_khmer_has_one_kind_of_digits_and_one_term_for_one_thing(folder: str) -> None:
    text = files(folder).joinpath("km.toml").read_text("utf-8")
    assert [digit for digit in KHMER_DIGITS if digit in text] == []
    assert [term for term in OLD_KHMER if term in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_quoted_case_names_its_source_and_links_to_it(ask: Ask, language: str) -> None:
    page = ask(f"{prefix(language)}/cong-cu").text
    cites = re.findall(r'<cite>[^<]+<a href="(https://plo\.vn/[^"]+)" rel="noreferrer">', page)
    assert len(cites) == len(set(cites)) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_authority_with_phone_and_own_site_stands_at_the_top_of_each_page(
    ask: Ask, language: str
) -> None:
    for path in ("/", "/kiem-tra", "/hoi-lai", "/that-hay-gia", "/khong-co"):
        head = ask((prefix(language) + path).rstrip("/") or "/").text.partition("</header>")[0]
        assert "Phòng A &amp; B &lt;x&gt; C" in head
        assert 'href="tel:0299000000"' in head
        # The first official host is the page's own; the next one is the office's.
        assert 'href="https://tracu.example/"' in head
