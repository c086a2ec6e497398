"""What a page costs with compiled queries and prepared statements, and without: decision 14.

`python -m bench.portal_queries [units] [rounds]` needs a DATABASE_URL to an empty PostgreSQL
database. It builds the tree of `bench.portal_tree`, signs in 20 focal points, and lets a process
of each way answer their first pages and lists of campaigns, one way after the other, in rounds.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import Any

WAYS = ("plain", "options", "compiled", "compiled, options")
"""`options`: the connection binds values in the server and prepares what is asked repeatedly."""

PAGES = 200


def main(arguments: Sequence[str]) -> int:
    """Build, let each way answer in turn, print medians."""
    units = int(arguments[0]) if arguments else 5_000
    rounds = int(arguments[1]) if len(arguments) > 1 else 5
    os.environ.setdefault("QUETSACH_HOME", tempfile.mkdtemp(prefix="bench-portal-"))
    os.environ["QUETSACH_SECOND_FACTOR"] = "off"
    os.environ["DJANGO_SETTINGS_MODULE"] = "quetsach_portal.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from bench.portal_load import cookie_of, focal_points
    from bench.portal_tree import make_tree, move_some

    call_command("migrate", verbosity=0)
    campaign, _owner = make_tree(units)
    move_some(campaign)
    cookies = [cookie_of(user) for user in focal_points(campaign, 20)]
    took: dict[str, list[list[float]]] = {way: [] for way in WAYS}
    for _round in range(rounds):
        for way in WAYS:
            words = [sys.executable, "-m", "bench.portal_queries", "--way", way, *cookies]
            ended = subprocess.run(words, check=True, capture_output=True, text=True)
            took[way].append(json.loads(ended.stdout))
            print(way, took[way][-1], file=sys.stderr, flush=True)
    for way in WAYS:
        portal, database = (statistics.median(column) for column in zip(*took[way], strict=True))
        low, high = (limit(sum(pair) for pair in took[way]) for limit in (min, max))
        print(
            f"{way:20} portal {portal:5.2f} ms, database {database:5.2f} ms of processor a page; "
            f"together {low:.2f} to {high:.2f} ms"
        )
    return 0


def answer(way: str, cookies: Sequence[str]) -> int:
    """Answer pages in one way; print the processor time of a page in portal and database, in ms."""
    import django
    from django.conf import settings

    from quetsach_portal.config.environment import PLANNED_ONCE

    if "options" not in way:
        for name in PLANNED_ONCE:
            settings.DATABASES["default"]["OPTIONS"].pop(name)
    django.setup()
    from django.test import Client

    from bench.portal_tree import server_seconds
    from quetsach_portal.web import compiled_queries

    settings.ALLOWED_HOSTS = ["*"]
    if "compiled" not in way:
        compiled_queries.CompiledQuery.__call__ = plain  # type: ignore[method-assign]
    client = Client()
    asked = [(path, cookie) for cookie in cookies for path in ("/", "/", "/", "/campaigns/")]

    def ask(count: int) -> None:
        for number in range(count):
            path, cookie = asked[number % len(asked)]
            assert client.get(path, headers={"cookie": cookie}).status_code == 200

    ask(len(asked))
    portal, database = time.process_time(), server_seconds()
    ask(PAGES)
    portal, database = time.process_time() - portal, server_seconds() - database
    print(json.dumps([1000 * portal / PAGES, 1000 * database / PAGES]))
    return 0


def plain(query: Any, **values: Any) -> list[Any]:
    """Return the rows of the plain queryset, whose SQL is written for each question."""
    return list(query.plain(**values))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--way"]:
        sys.exit(answer(sys.argv[2], sys.argv[3:]))
    sys.exit(main(sys.argv[1:]))
