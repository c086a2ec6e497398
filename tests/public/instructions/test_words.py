"""Khmer words of the list are joined and say the same; other languages stay as they are."""

from quetsach_public.instructions.steps import join_words, words_of

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
