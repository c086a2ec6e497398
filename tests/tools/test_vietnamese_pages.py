"""The generated pages of docs/vi/: nothing in them is left in English for want of a word."""

import pytest

from quetsach import schema
from quetsach.blocklists.outputs.registry import OUTPUTS
from quetsach.errors.exceptions import CATALOGUE
from quetsach.indicators.formats.registry import FORMS
from quetsach.texts import in_language
from quetsach_portal.config.setting_keys import portal_settings, public_settings
from tools.form_pages import entries_of, shipped_forms
from tools.glossary import LEDGER, read_glossary
from tools.pages.vietnamese import (
    WORDS,
    addresses_page,
    columns_page,
    device_files_page,
    list_formats_page,
    problems_page,
    questions_page,
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
    settings = [*portal_settings(), *public_settings()]
    missing = [setting.variable for setting in settings if setting.variable not in known]
    assert not missing, (
        f"add them to [settings.variables] of tools/pages/vietnamese.toml: {missing}"
    )
    assert set(known) == {setting.variable for setting in settings}
    page = variables_page(portal_settings(), public_settings())
    assert all(f"| `{setting.key}` | `{setting.variable}` |" in page for setting in settings)


def test_every_address_of_the_interface_has_vietnamese_words() -> None:
    from quetsach_portal.api.interface import interface

    schema = interface.get_openapi_schema(path_prefix="/api/v1")
    addresses = {f"{way.upper()} {path}" for path, ways in schema["paths"].items() for way in ways}
    missing = addresses ^ set(WORDS["api"]["addresses"])
    assert not missing, f"mend [api.addresses] of tools/pages/vietnamese.toml: {missing}"
    page = addresses_page(schema)
    assert all(page.count(f"\n| `{address}` |") == 1 for address in addresses)


def test_every_field_of_a_sighting_has_vietnamese_words() -> None:
    names = {field.name for field in schema.SIGHTING_FIELDS}
    missing = names ^ set(WORDS["schema"]["fields"])
    assert not missing, f"mend [schema.fields] of tools/pages/vietnamese.toml: {missing}"
    page = columns_page()
    assert all(page.count(f"\n| `{name}` |") == 1 for name in names)


def test_every_question_of_a_shipped_form_is_there() -> None:
    forms = shipped_forms()
    page = questions_page(forms)
    for form in forms:
        for section in form.sections:
            for entry in entries_of(section):
                assert f"| {entry.label.vi} |" in page


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
