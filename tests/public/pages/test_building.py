"""The built pages: each link opens, each page is small, nothing is left half built."""

import re
from pathlib import Path

import pytest

from quetsach_public.pages import site as site_module
from quetsach_public.pages.building import build_site
from quetsach_public.pages.campaign import LANGUAGES, prefix, texts
from tests.public.asking import Ask
from tests.public.made import CAMPAIGN, TOOL


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_and_every_link_on_it_opens_in_every_language(ask: Ask, language: str) -> None:
    start = prefix(language) or "/"
    waiting, known = [start], {start}
    while waiting:
        path = waiting.pop()
        page = ask(path)
        assert page.status == 200, path
        if "html" not in page.headers["Content-Type"]:
            continue
        assert "@@" not in page.text
        assert f'<html lang="{_language(path)}">' in page.text
        for link in re.findall(r'(?:href|action)="(/[^"#]*)', page.text):
            if link not in known:
                known.add(link)
                waiting.append(link)
    assert len(known) >= 10 * len(LANGUAGES)


def _language(path: str) -> str:
    return next((one for one in LANGUAGES[1:] if path.startswith(f"/{one}")), "vi")


def test_the_first_screen_is_small_and_every_page_fits_in_30_kb(ask: Ask, home: Path) -> None:
    packed = {
        path: len(page.packed)
        for path, page in site_module.read_site(home / "site").pages.items()
        if page.lasts
    }
    pages = [
        f"{prefix(one)}{path}"
        for one in LANGUAGES
        for path in ("/", "/tham-gia", "/kiem-tra", "/so-tep", "/kiem-tra-tep", "/tai-lieu")
    ]
    for path in pages:
        page = ask(path.rstrip("/") or "/", HTTP_ACCEPT_ENCODING="gzip")
        assets = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"', page.text)
        assert len(assets) >= 2
        whole = len(page.body) + sum(packed[one] for one in assets)
        assert whole < (10_000 if path in ("/", "/en/", "/km/") else 30_000), path
        # What is loaded is ours; a link to the office's own site only leads there.
        assert not re.findall(r'src="(?:https?:)?//|<link[^>]*"(?:https?:)?//', page.text)


def test_the_catalogue_is_shown_with_its_digest_in_groups(ask: Ask, home: Path) -> None:
    page = ask("/km/cong-cu").text
    groups = [TOOL.sha256[n : n + 4] for n in range(0, 64, 4)]
    assert " ".join(groups) in page
    assert "Máy quét &lt;Sen&gt;" in page
    assert "Quét máy tính" in page, "in the language that there is"
    build_site(home / "site2", CAMPAIGN)
    assert texts("en")["tools"]["none"] in asked_of(home / "site2", "en/cong-cu")
    assert "tracu.example" in ask("/that-hay-gia").text


def asked_of(site: Path, path: str) -> str:
    return (site / "pages" / path / "index.html").read_text()


def test_a_site_that_could_not_be_built_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(AttributeError):
        build_site(tmp_path / "site", CAMPAIGN, [None])  # type: ignore[list-item]
    assert list(tmp_path.iterdir()) == []
