"""A database that another version made is refused with a code, and nothing in it changes."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from quetsach.api.problems import QuetsachError
from quetsach_portal.config.applied_migrations import refuse_other_database

EARLIER = [("rights", "0001_initial"), ("audit", "0002_append_only"), ("reports", "9001_later")]


@pytest.mark.django_db
def test_the_database_of_this_version_is_taken() -> None:
    refuse_other_database()


@pytest.mark.django_db
@pytest.mark.parametrize(("app", "name"), EARLIER)
def test_a_migration_of_another_version_is_refused(app: str, name: str) -> None:
    MigrationRecorder(connection).record_applied(app, name)
    with pytest.raises(QuetsachError, match=f"{app}.{name}") as caught:
        refuse_other_database()
    assert caught.value.problem.code == "E604"


@pytest.mark.django_db
def test_apps_of_others_are_none_of_our_concern() -> None:
    MigrationRecorder(connection).record_applied("somebodys_app", "0007_theirs")
    refuse_other_database()
