"""The test database, which most workers copy, is the one that the migrations make."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_missing_in_this_database() -> None:
    call_command("migrate", check_unapplied=True, plan=True, verbosity=0)
