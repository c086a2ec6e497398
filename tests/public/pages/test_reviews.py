"""The review of translations: per text, tied to its words, said on the page until it is whole."""

from pathlib import Path

from quetsach_public.pages.building import build_site
from quetsach_public.pages.reviews import ReviewState, review_note, translated_texts
from quetsach_public.pages.site import read_site
from tests.public.made import CAMPAIGN


def test_each_text_stands_beside_its_source_and_its_digest_is_of_both() -> None:
    found = translated_texts("km")
    assert len(found) > 400
    assert "review" not in found
    assert found["start.button"].source == "Kiểm tra đường truyền này"
    assert len({text.sha256 for text in found.values()}) > len(found) * 0.9
    assert all(text.source for text in found.values()), "no text without a source"
    assert any(key.startswith("materials.") for key in found)


def test_the_page_says_that_it_is_not_approved_until_every_text_is() -> None:
    assert review_note("vi", {}) == review_note("en", {}) == ""
    of = len(translated_texts("km"))
    assert f"bản dịch chưa được duyệt: 0/{of}" in review_note("km", {})
    assert f"{of - 1}/{of}" in review_note("km", {"km": ReviewState(of - 1, of)})
    assert review_note("km", {"km": ReviewState(of, of)}) == ""


def test_the_built_pages_say_it_in_khmer_alone(tmp_path: Path) -> None:
    build_site(tmp_path / "a", CAMPAIGN, reviews={"km": ReviewState(3, 9)})
    pages = read_site(tmp_path / "a").pages
    assert "3/9" in pages["/km"].plain.decode()
    assert 'class="review"' not in pages["/"].plain.decode()
    build_site(tmp_path / "b", CAMPAIGN, reviews={"km": ReviewState(9, 9)})
    assert 'class="review"' not in read_site(tmp_path / "b").pages["/km"].plain.decode()
