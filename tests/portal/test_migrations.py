"""Tables are as the migrations make them."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_table_and_no_label_of_a_choice_differs_from_its_migration() -> None:
    """Where this fails, `quetsach manage makemigrations APP` writes the next migration."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
