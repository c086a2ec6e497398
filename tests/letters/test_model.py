"""Questions: each is a sentence that a person can answer, in both languages."""

import re

from quetsach.letters.model import QUESTIONS, OpenQuestions, question_text
from quetsach.texts import use_language


def test_every_question_is_a_sentence_with_a_question_in_it() -> None:
    for code, text in QUESTIONS.items():
        assert re.fullmatch(r"[a-z-]+", code)
        assert "?" in text or code in ("english", "ocr"), code
        assert text.endswith(("?", ".")), code


def test_every_question_is_asked_in_vietnamese_too() -> None:
    names = set(re.findall(r"%\((\w+)\)s", " ".join(QUESTIONS.values())))
    facts = dict.fromkeys(names, "X")
    for code in QUESTIONS:
        english = question_text(code, **facts)
        use_language("vi")
        assert question_text(code, **facts) != english
        use_language("en")


def test_questions_keep_their_order_and_field() -> None:
    opened = OpenQuestions()
    opened.ask("number", "number")
    text = opened.ask("tasks.2.who", "who", number="2")
    assert [(one.field, one.code) for one in opened.questions] == [
        ("number", "number"),
        ("tasks.2.who", "who"),
    ]
    assert opened.questions[1].text == text
