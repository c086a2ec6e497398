"""The portal's surroundings, as the environment tells them."""

import os
import re
import sqlite3
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from quetsach.sandbox.environment import OPT_OUT
from quetsach_portal.config import environment
from quetsach_portal.config.environment import (
    LIMITS_OF_A_PAGE,
    NOTICED_WHEN_DEAD,
    PLANNED_ONCE,
    VARIABLES,
    database_of,
    limit_questions,
    read_environment,
)
from quetsach_portal.people.directory import settings as directory_settings


def test_one_pc_needs_no_variable(tmp_path: Path) -> None:
    found = read_environment({"QUETSACH_HOME": str(tmp_path)})
    assert found.database["NAME"] == tmp_path / "portal.sqlite3"
    assert "127.0.0.1" in found.hosts
    assert not found.https
    assert not found.debug


@pytest.mark.asvs("V13.3.2")
def test_the_secret_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first = read_environment({"QUETSACH_HOME": str(tmp_path)}).secret_key
    assert len(first) >= 60
    assert read_environment({"QUETSACH_HOME": str(tmp_path)}).secret_key == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_the_database_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        name = read_environment({"QUETSACH_HOME": str(tmp_path)}).database["NAME"]
        with sqlite3.connect(name) as held:
            held.execute("PRAGMA journal_mode=WAL")
            held.execute("CREATE TABLE a (b)")
            held.commit()
            made = [one for one in tmp_path.iterdir() if one.name.startswith("portal.sqlite3")]
            assert len(made) == 3
            assert not any(one.stat().st_mode & 0o077 for one in made)
        held.close()
        read_environment({"QUETSACH_HOME": str(tmp_path)})
    finally:
        os.umask(before)


def test_a_postgresql_address_is_taken_apart() -> None:
    found = database_of("postgresql://an:m%40t@db.example:5433/qs?sslmode=require", Path())
    assert found["ENGINE"].endswith("postgresql")
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("an", "m@t", "db.example")
    assert (found["PORT"], found["NAME"]) == ("5433", "qs")
    assert found["OPTIONS"] == {**NOTICED_WHEN_DEAD, **PLANNED_ONCE, "sslmode": "require"}


def test_behind_a_pooler_nothing_is_prepared() -> None:
    found = database_of("postgresql://db.example/qs?server_side_binding=off", Path())
    assert found["OPTIONS"] == NOTICED_WHEN_DEAD


def test_pages_have_limits_unless_the_address_says_otherwise() -> None:
    place = database_of("postgresql://db.example/qs", Path())
    limit_questions(place)
    assert place["OPTIONS"]["options"] == LIMITS_OF_A_PAGE
    place = database_of("postgresql://db.example/qs?options=-c%20lock_timeout=5s", Path())
    limit_questions(place)
    assert place["OPTIONS"]["options"] == "-c lock_timeout=5s"
    file = database_of("", Path())
    before = dict(file["OPTIONS"])
    limit_questions(file)
    assert file["OPTIONS"] == before


def test_a_server_that_is_gone_without_a_word_is_given_up_sooner_or_later_as_asked() -> None:
    found = database_of("postgresql://db.example/qs?connect_timeout=2", Path())
    assert found["OPTIONS"] == {**NOTICED_WHEN_DEAD, **PLANNED_ONCE, "connect_timeout": "2"}


def test_a_socket_is_named_as_libpq_names_it() -> None:
    found = database_of("postgresql://quetsach@/qs?host=/run/postgresql", Path())
    assert (found["HOST"], found["PORT"]) == ("/run/postgresql", "")


@pytest.mark.parametrize("url", ["mysql://x/y", "oracle://", "http://db.example"])
def test_any_other_database_is_refused_in_words(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        database_of(url, Path())


def test_a_port_that_is_no_number_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="QUETSACH_SMTP_PORT"):
        read_environment({"QUETSACH_HOME": str(tmp_path), "QUETSACH_SMTP_PORT": "25a"})


def test_behind_https_cookies_are_for_https(tmp_path: Path) -> None:
    found = read_environment(
        {"QUETSACH_HOME": str(tmp_path), "QUETSACH_URL": "https://qs.example/"}
    )
    assert found.https
    assert found.public_url == "https://qs.example"
    assert "qs.example" in found.hosts


def test_every_variable_that_is_read_stands_in_the_list() -> None:
    source = Path(environment.__file__).read_text()
    listed = {name for name, _usual, _what in VARIABLES}
    read = set(re.findall(r'environ(?:\.get\(|, )"(QUETSACH_[A-Z_]+|DATABASE_URL)"', source))
    of_directory = Path(directory_settings.__file__).read_text()
    read |= {f"QUETSACH_LDAP_{name}" for name in re.findall(r'text\("([A-Z_]+)"', of_directory)}
    assert read <= listed
    # The sandbox itself reads its own.
    assert {name for name in listed if "_OIDC_" not in name} == {*read, OPT_OUT}
