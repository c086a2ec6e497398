"""Approves an event and stops for ever in the middle of it: `python -m ... EVENT USER STATEMENT`.

Writes a line when the statement with that number is about to run, so that the test can kill it
there; "done" and the number of statements when there was no such one.
"""

import os
import sys

import django
from django.db import connection

from tests.waiting import stand_still


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(event_id: int, user_id: int, stop_at: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.portal.settings")
    django.setup()
    from quetsach_portal.people.models.account import User
    from quetsach_portal.register import tree_acts
    from quetsach_portal.units.models import OrgEvent

    event, user = OrgEvent.objects.get(pk=event_id), User.objects.get(pk=user_id)
    count = 0

    def stopping(execute, sql, params, many, context):
        nonlocal count
        count += 1
        if count == stop_at:
            _say("middle")
            stand_still()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(stopping):
        tree_acts.approve(event, note="", actor=user)
    _say(f"done {count}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
