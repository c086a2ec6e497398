"""A database that another version made is refused with a code, and nothing in it changes."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from quetsach.api.problems import QuetsachError
from quetsach_portal.config.applied_migrations import (
    is_empty,
    refuse_earlier_database,
    refuse_other_database,
)

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


@pytest.mark.django_db
def test_E3_a_database_of_an_earlier_version_is_refused_with_the_command() -> None:
    refuse_earlier_database()
    assert not is_empty()
    recorder = MigrationRecorder(connection)
    last = recorder.migration_qs.order_by("-pk")[0]
    recorder.record_unapplied(last.app, last.name)
    with pytest.raises(QuetsachError, match="manage migrate") as caught:
        refuse_earlier_database()
    assert caught.value.problem.code == "E609"
    assert f"{last.app}.{last.name}" in str(caught.value)
