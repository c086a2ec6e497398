"""`quetsach formats`: the registry, as it is."""

import json

from quetsach.formats.registry import FORMATS
from tests.cli.running import quetsach


def test_every_format_is_listed_in_the_order_of_trial() -> None:
    run = quetsach("formats", "--json")
    assert run.returncode == 0
    assert [one["name"] for one in json.loads(run.stdout)] == [one.name for one in FORMATS]


def test_titles_are_in_the_language_asked_for() -> None:
    english = quetsach("--lang", "en", "formats").stdout.decode()
    vietnamese = quetsach("--lang", "vi", "formats").stdout.decode()
    for one in FORMATS:
        assert one.reads in english
        assert one.reads not in vietnamese
        assert one.name in vietnamese
