"""The glossary: one name a class, no word that it forbids, and every term has its name in src."""

from pathlib import Path

import pytest

from tools.glossary import (
    LEDGER,
    NOTHING,
    Area,
    Glossary,
    Name,
    Term,
    forbidden_names,
    public_names,
    read_glossary,
    shared_classes,
)

ROOT = Path(__file__).parents[1]

MOST_SHARED = 0
"""How many public classes may share their name with another: none."""

MOST_FORBIDDEN = 1
"""Names with a word that the glossary forbids: the earlier name of the block page alone."""

MOST_TO_COME = 0
"""How many terms may wait for their name in src: none."""

FEWEST_TERMS = 60

SMALL = Glossary(
    (
        Area(
            "Campaigns",
            (Term("expected report", "ExpectedReport", "báo cáo phải nộp", "owed", ("slot",)),),
        ),
    ),
    ("told", "value"),
)


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return read_glossary(ROOT / LEDGER)


@pytest.fixture(scope="module")
def names() -> list[Name]:
    return public_names(ROOT / "src")


def test_no_more_classes_share_a_name_than_before(names: list[Name]) -> None:
    shared = shared_classes(names)
    count = sum(map(len, shared.values()))
    assert count <= MOST_SHARED, f"{count} classes share a name: {shared}"


def test_no_more_names_use_a_forbidden_word_than_before(
    names: list[Name], glossary: Glossary
) -> None:
    forbidden = [f"{name}: {english}" for name, english in forbidden_names(names, glossary)]
    count = len(forbidden)
    assert count <= MOST_FORBIDDEN, f"{count} names: {forbidden}"


def test_every_term_has_its_name_in_src_or_is_marked(names: list[Name], glossary: Glossary) -> None:
    there = {name.text for name in names}
    gone = [term.code for term in glossary.terms() if term.code not in there and not term.to_come]
    assert not gone, f"not in src: {gone}"


def test_no_more_terms_wait_for_their_name_than_before(glossary: Glossary) -> None:
    to_come = [term.code for term in glossary.terms() if term.to_come]
    assert len(to_come) <= MOST_TO_COME, to_come


def test_every_term_stands_once_with_all_that_it_is(glossary: Glossary) -> None:
    terms = list(glossary.terms())
    assert len(terms) >= FEWEST_TERMS
    for texts in ([term.english for term in terms], [term.code for term in terms]):
        assert sorted(set(texts)) == sorted(texts)
    for term in terms:
        assert term.vietnamese, term.english
        assert term.meaning, term.english


def test_no_word_is_both_a_term_and_forbidden(glossary: Glossary) -> None:
    terms = {term.english for term in glossary.terms()}
    forbidden = [synonym for term in glossary.terms() for synonym in term.synonyms]
    assert not terms & {*forbidden, *glossary.empty}
    assert sorted(set(forbidden)) == sorted(forbidden)


def test_a_name_bound_in_two_modules_is_shared_and_a_command_is_not() -> None:
    names = [
        Name("class", "campaigns.models", "Line"),
        Name("class", "cases.ledger", "Line"),
        Name("function", "cases.ledger", "Ledger"),
        Name("class", "cases.sums", "Ledger"),
        Name("class", "jobs.work", "Command"),
        Name("class", "audit.audit", "Command"),
    ]
    assert shared_classes(names) == {"Line": ["campaigns.models", "cases.ledger"]}


@pytest.mark.parametrize(
    ("kind", "text", "forbidden"),
    [
        ("class", "Slot", ["expected report"]),
        ("class", "SlotState", ["expected report"]),
        ("class", "ListOfSlots", ["expected report"]),
        ("function", "slots", ["expected report"]),
        ("module", "slot", ["expected report"]),
        ("function", "slot_of", []),
        ("class", "Slotted", []),
        ("constant", "SLOT", []),
        ("class", "Told", [NOTHING]),
        ("function", "told", [NOTHING]),
        ("class", "ToldCount", []),
        ("module", "values", []),
    ],
)
def test_a_synonym_names_nothing_and_is_no_part_of_a_class(
    kind: str, text: str, forbidden: list[str]
) -> None:
    names = [Name(kind, "campaigns.models", text)]
    assert [english for _, english in forbidden_names(names, SMALL)] == forbidden


def test_what_the_api_shows_keeps_its_name() -> None:
    module = "quetsach_portal.api.endpoints.reports"
    names = [Name("class", module, "SlotOut"), Name("function", module, "slots")]
    assert forbidden_names(names, SMALL) == []
    assert forbidden_names([Name("module", "quetsach_portal.api", "slot")], SMALL) != []


def test_public_names_are_read_from_every_file_but_migrations(tmp_path: Path) -> None:
    package = tmp_path / "cases"
    (package / "migrations").mkdir(parents=True)
    (package / "__init__.py").write_text('"""Cases."""\n')
    (package / "migrations/first.py").write_text("class Migration: ...\n")
    (package / "models.py").write_text(
        "LIMIT = 3\nmost: int = 4\nclass Case:\n    class Meta: ...\nclass _Own: ...\n"
        "def close() -> None:\n    def inner() -> None: ...\n"
    )
    assert public_names(tmp_path) == [
        Name("module", "", "cases"),
        Name("module", "cases", "models"),
        Name("constant", "cases.models", "LIMIT"),
        Name("constant", "cases.models", "most"),
        Name("class", "cases.models", "Case"),
        Name("function", "cases.models", "close"),
    ]
