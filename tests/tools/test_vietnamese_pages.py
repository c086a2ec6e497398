"""The generated pages of docs/vi/: nothing in them is left in English for want of a word."""

import pytest

from quetsach.blocklists.outputs.registry import OUTPUTS
from quetsach.errors.exceptions import CATALOGUE
from quetsach.indicators.formats.registry import FORMS
from quetsach.texts import in_language
from quetsach_portal.config.environment import VARIABLES
from quetsach_public.settings import VARIABLES as PUBLIC_VARIABLES
from tools.glossary import LEDGER, read_glossary
from tools.pages.vietnamese import (
    WORDS,
    device_files_page,
    list_formats_page,
    problems_page,
    variables_page,
    words_page,
)


def test_every_problem_is_told_in_vietnamese_under_a_heading() -> None:
    with in_language("vi"):
        page = problems_page(CATALOGUE)
    for code, entry in CATALOGUE.items():
        assert page.count(f"\n| `{code}` |") == 1
        assert f"| {entry.what} |" not in page
        assert f"| {entry.todo} |" not in page


def test_every_form_of_list_has_vietnamese_words() -> None:
    missing = [form.name for form in FORMS if form.name not in WORDS["lists"]["forms"]]
    assert not missing, f"add them to [lists.forms] of tools/pages/vietnamese.toml: {missing}"
    page = list_formats_page(FORMS)
    assert all(form.reads not in page for form in FORMS)


def test_every_setting_has_vietnamese_words() -> None:
    known = WORDS["settings"]["variables"]
    settings = (*VARIABLES, *PUBLIC_VARIABLES)
    missing = [name for name, _usual, _what in settings if name not in known]
    assert not missing, (
        f"add them to [settings.variables] of tools/pages/vietnamese.toml: {missing}"
    )
    page = variables_page(VARIABLES, PUBLIC_VARIABLES)
    assert all(page.count(f"\n| `{name}` |") == 1 for name, _usual, _what in settings)


def test_no_setting_is_explained_that_is_gone() -> None:
    names = {name for name, _usual, _what in (*VARIABLES, *PUBLIC_VARIABLES)}
    assert set(WORDS["settings"]["variables"]) <= names


def test_every_area_and_explained_word_of_the_glossary_is_there() -> None:
    glossary = read_glossary(LEDGER)
    assert {area.name for area in glossary.areas} <= set(WORDS["glossary"]["areas"])
    page = words_page(glossary)
    for term in glossary.terms():
        assert f"| {term.vietnamese} | {term.english} |" in page
        assert term.page is None or f"| {term.page.term} | {term.page.vietnamese} |" in page


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda output: output.name)
def test_every_output_is_told_with_use_and_undoing_in_vietnamese(output: object) -> None:
    with in_language("vi"):
        page = device_files_page(OUTPUTS)
    one = next(known for known in OUTPUTS if known is output)
    assert f"\n| `{one.name}` |" in page
    assert not one.use or f"| {one.use} |" not in page
    assert not one.undo_by or f"| {one.undo_by} |" not in page
