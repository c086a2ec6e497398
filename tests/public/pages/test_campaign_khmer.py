"""Khmer words are not broken in two, and nothing else is touched."""

from quetsach_public.pages.campaign import join_words, texts
from quetsach_public.pages.materials.wording import words

JOINER = "\u2060"


def test_words_of_the_list_are_joined_and_say_the_same() -> None:
    text = "មេរោគចូលកុំព្យូទ័រ Windows ដោយ {unit}"
    joined = join_words(text)
    assert joined == text.replace("មេរោគ", f"មេ{JOINER}រោគ").replace(
        "កុំព្យូទ័រ", f"កុំ{JOINER}ព្យូ{JOINER}ទ័រ"
    )
    assert joined.replace(JOINER, "") == text


def test_pages_and_materials_have_them_in_khmer_alone() -> None:
    assert JOINER in texts("km")["title"]
    assert JOINER in words("km")["poster"]["headline"]
    for language in ("vi", "en"):
        said = [*texts(language)["steps"]["windows"].values(), *words(language)["all"].values()]
        assert JOINER not in "".join(said)
