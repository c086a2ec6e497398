"""Take a guard of the database away for a moment, as whoever gets hold of it could."""

from django.db import connection


class Unguarded:
    """While it is entered, rows of the table of this trigger can be changed."""

    def __init__(self, trigger: str) -> None:
        self.trigger = trigger

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            if connection.vendor != "sqlite":
                # Checks that wait for the end of the transaction forbid it before they are done.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                table = self.trigger.removesuffix("_no_update")
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
                return
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE type='trigger' AND name=%s", [self.trigger]
            )
            self.guard = cursor.fetchone()[0]
            cursor.execute(f"DROP TRIGGER {self.trigger}")

    def __exit__(self, *_problem: object) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(self.guard)
                return
            table = self.trigger.removesuffix("_no_update")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only")
