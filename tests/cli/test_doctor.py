"""`quetsach doctor`: what is there, and what to do about what is not."""

import json

from quetsach import __version__
from quetsach.sieve.kernel import rust_available
from tests.cli.running import quetsach


def test_the_state_of_this_machine_is_told_in_words_and_as_json() -> None:
    run = quetsach("doctor", "--json")
    found = {one["what"]: one for one in json.loads(run.stdout)}
    assert run.returncode == 0
    assert (found["quetsach"]["found"], found["quetsach"]["well"]) == (__version__, True)
    assert found["sieve"]["well"] is rust_available()
    assert all(one["well"] or one["todo"] for one in found.values())
    shown = quetsach("doctor").stdout.decode()
    assert all(f"{name}: " in shown for name in found)
