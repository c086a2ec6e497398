"""`manage migrate` makes an empty database at once, and leaves all else to Django."""

import pytest
from django.core.management import call_command

PLACE = "quetsach_portal.config.management.commands.migrate.make_tables"

ALL = {"database": "default", "verbosity": 0}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The databases whose tables were to be made at once."""
    names: list[str] = []
    monkeypatch.setattr(PLACE, names.append)
    return names


@pytest.mark.django_db
def test_who_asks_for_all_is_asked_whether_the_database_is_empty(asked: list[str]) -> None:
    call_command("migrate", **ALL)
    assert asked == ["default"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words", [{"plan": True}, {"check_unapplied": True}, {"fake": True}, {"app_label": "units"}]
)
def test_who_only_looks_or_asks_for_an_app_has_djangos_way(
    words: dict[str, object], asked: list[str]
) -> None:
    call_command("migrate", **ALL, **words)
    assert asked == []
