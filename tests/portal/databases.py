"""The test database as other processes reach it."""

from django.db import connection


# tools/with_postgres.sh starts the server: on a socket, without a password.
def address_of_test_database() -> str:
    """Return the DATABASE_URL under which a process of its own finds this test's rows."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{settings['NAME']}"
    return f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}"
