"""The catalogue: merged without contradiction, and neither more nor less than the source needs."""

import gettext
import io
from pathlib import Path

import polib
import pytest

from tools import compile_catalogue
from tools.catalogue_parts import CatalogueFiles, merge
from tools.compile_catalogue import Text, compare, texts_in, texts_in_template

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'


def part(*entries: tuple[str, str]) -> polib.POFile:
    made = polib.POFile()
    for message, translation in entries:
        made.append(polib.POEntry(msgid=message, msgstr=translation))
    return made


def test_all_parts_end_in_one_catalogue() -> None:
    parts = [("a.po", part(("device", "thiết bị"))), ("b.po", part(("unit", "đơn vị")))]
    merged, problems = merge(parts)
    assert problems == []
    compiled = gettext.GNUTranslations(io.BytesIO(merged.to_binary()))
    assert compiled.gettext("device") == "thiết bị"
    assert compiled.gettext("unit") == "đơn vị"


def test_the_same_translation_twice_is_no_contradiction() -> None:
    merged, problems = merge(
        [("a.po", part(("unit", "đơn vị"))), ("b.po", part(("unit", "đơn vị")))]
    )
    assert problems == []
    assert len(merged) == 1


def test_two_translations_of_one_text_are_refused_and_both_parts_named() -> None:
    _, problems = merge([("a.po", part(("unit", "đơn vị"))), ("b.po", part(("unit", "cơ quan")))])
    assert problems == ["b.po: translated otherwise in a.po: 'unit'"]


@pytest.mark.parametrize(
    ("message", "translation"),
    [
        ("%(count)s lines", "%(so)s dòng"),
        ("%(count)s lines", "dòng"),
        ("%(count)s lines", "%(count)d dòng"),
        ("lines", "%(count)s dòng"),
        ("100%% read", "đã đọc 100%"),
    ],
)
def test_a_translation_with_other_placeholders_is_refused(message: str, translation: str) -> None:
    _, problems = merge([("a.po", part((message, translation)))])
    assert problems == [f"a.po: its placeholders differ: {message!r}"]


def test_placeholders_may_change_their_order() -> None:
    _, problems = merge([("a.po", part(("%(a)s of %(b)s", "%(b)s có %(a)s")))])
    assert problems == []


def test_an_empty_translation_is_refused() -> None:
    _, problems = merge([("a.po", part(("unit", "")))])
    assert problems == ["a.po: not translated: 'unit'"]


def test_marks_are_found_with_their_line_also_over_two_lines() -> None:
    source = 'x = _("one")\ny = N_(\n    "two "\n    "three"\n)\n'
    assert list(texts_in(source, "a.py")) == [Text("one", "a.py:1"), Text("two three", "a.py:2")]


def test_marks_are_found_in_templates_too() -> None:
    source = (
        '<p title="{{ _(\'Lines\') }}">\n{{ _("refused: %(n)s") % {"n": 3} }}{{ _(other) }}</p>'
    )
    found = list(texts_in_template(source, "a.html"))
    assert found == [Text("Lines", "a.html:1"), Text("refused: %(n)s", "a.html:2")]


def test_the_words_of_a_library_may_be_translated_and_need_not_be() -> None:
    assert compare([], ["Usage:"], lent=["Usage:", "Options"]) == []


def test_the_titles_of_formats_need_no_mark() -> None:
    source = 'class Zeek:\n    name = "zeek"\n    title = "Zeek"\n    reads: str = "connections"\n'
    found = [text.id for text in texts_in(source, "src/quetsach/formats/zeek.py")]
    assert found == ["Zeek", "connections"]
    assert list(texts_in(source, "src/quetsach/match/zeek.py")) == []


def test_a_text_put_together_before_its_translation_is_named() -> None:
    for source in ('_(f"{n} lines")', '_("lines: " + n)', '_("%s lines" % n)'):
        assert compare(texts_in(source, "a.py"), []) == [
            "a.py:1: a text is put together before it is translated"
        ]


def test_texts_without_translation_and_translations_without_text_are_named() -> None:
    assert compare([Text("one", "a.py:1")], ["two"]) == [
        "a.py:1: no translation: 'one'",
        "nothing uses this translation: 'two'",
    ]
    assert compare([Text("one", "a.py:1")], ["one"]) == []


def test_the_command_writes_what_the_program_reads_and_stops_at_contradictions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "LC_MESSAGES/quetsach.mo"
    monkeypatch.setattr(compile_catalogue, "ENGINE", CatalogueFiles(tmp_path, target))
    (tmp_path / "a.po").write_text(f'{HEADER}\nmsgid "unit"\nmsgstr "đơn vị"\n', encoding="utf-8")
    assert compile_catalogue.main([]) == 0
    with target.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("unit") == "đơn vị"

    (tmp_path / "b.po").write_text(f'{HEADER}\nmsgid "unit"\nmsgstr "cơ quan"\n', encoding="utf-8")
    assert compile_catalogue.main([]) == 1
    assert "translated otherwise in a.po" in capsys.readouterr().err
