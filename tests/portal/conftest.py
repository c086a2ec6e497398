"""Fixtures of the portal's tests."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db.backends.postgresql import base as postgresql
from django.db.backends.sqlite3 import base as sqlite
from django.test import Client

from quetsach_portal.people.models.roles import Role
from tests.portal.access.walk import Asking
from tests.portal.databases import address_of_test_database
from tests.portal.mail.sink import Sink, running_sink
from tests.portal.migrated import created_database
from tests.portal.signing_in import signed_in
from tests.portal.world import World, make_world
from tests.whole import daily

COMMITS = ("transactional_db", "own_database")
"""With these a test commits: locks, races and workers, which each database does in its own way."""

audit_guards = import_module("quetsach_portal.audit.migrations.0001_initial")
report_guards = import_module("quetsach_portal.reports.migrations.0001_initial")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run what commits and every hundredth of the other tests, asked whole all."""
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        return
    others = sorted((one for one in items if not _commits(one)), key=_name)[:: daily(100, whole=1)]
    kept = {_name(one) for one in others}
    left_out = [one for one in items if not _commits(one) and _name(one) not in kept]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(map(id, left_out))
        items[:] = [one for one in items if id(one) not in gone]


def _commits(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    with_commits = mark is not None and mark.kwargs.get("transaction", False)
    return with_commits or any(one in COMMITS for one in getattr(item, "fixturenames", ()))


def _name(item: pytest.Item) -> str:
    return item.nodeid


@pytest.fixture(scope="session", autouse=True)
def settings_for_children() -> Iterator[None]:
    """Let processes of the portal find the settings of the tests: the current folder lends none."""
    root = str(Path(__file__).parents[2])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", root, prepend=os.pathsep)
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    tmp_path_factory: pytest.TempPathFactory,
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker,
) -> Iterator[None]:
    """The test database, in place of pytest-django's, which migrates in every worker."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with created_database(shared, django_db_blocker.unblock):
        yield


@pytest.fixture(scope="session", autouse=True)
def trail_can_be_emptied_between_tests() -> Iterator[None]:
    """Let Django empty the tables after a test with real commits, the append-only one included."""
    with ExitStack() as stack:
        guards = audit_guards.SQLITE
        stack.enter_context(unguarded(sqlite.DatabaseOperations, guards, "audit_no_delete"))
        guards = audit_guards.POSTGRESQL
        stack.enter_context(unguarded(postgresql.DatabaseOperations, guards, "audit_no_truncate"))
        # TRUNCATE, which empties PostgreSQL, asks no trigger of rows.
        guards = report_guards.SQLITE
        for table in report_guards.TABLES:
            trigger = f"{table}_no_delete"
            stack.enter_context(unguarded(sqlite.DatabaseOperations, guards, trigger))
        yield


@contextmanager
def unguarded(operations: type, guards: Sequence[str], trigger: str) -> Iterator[None]:
    """Take `trigger` away while a database of this kind is emptied."""
    flush = operations.sql_flush
    guard = next(one for one in guards if trigger in one)
    on_table = " ON audit_auditevent" if operations is postgresql.DatabaseOperations else ""

    def with_the_trail(self, *args, **kwargs) -> list[str]:
        statements = flush(self, *args, **kwargs)
        away = f"DROP TRIGGER IF EXISTS {trigger}{on_table}"
        return [away, *statements, guard] if statements else []

    operations.sql_flush = with_the_trail
    yield
    operations.sql_flush = flush


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:
    """A folder of the test's own for files, lists and findings."""
    settings.QUETSACH = replace(settings.QUETSACH, home=tmp_path / "home")
    return settings.QUETSACH.home


@pytest.fixture(autouse=True)
def nothing_counted_before() -> None:
    """Forget what rate limits counted: another test's people have the same numbers."""
    cache.clear()


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """A mail server that the portal uses."""
    with running_sink() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


@pytest.fixture
def world(db: None) -> World:
    """A district with a running campaign."""
    return make_world()


@pytest.fixture
def asking(world: World) -> Asking:
    """The people who ask in the walks over all addresses."""
    return Asking(world)


@pytest.fixture
def client_of(world: World) -> Callable[[str, Role], Client]:
    """Return a browser in which the person with that role in that unit has signed in."""

    def sign_in(code: str, role: Role) -> Client:
        return signed_in(world.user(code, role))

    return sign_in


@pytest.fixture
def own_database(transactional_db: None, home: Path) -> dict[str, str]:
    """The environment in which another process works on this test's database and files."""
    return {"DATABASE_URL": address_of_test_database(), "QUETSACH_HOME": str(home)}
