"""`quetsach doctor`: what is there, and what to do about what is not."""

import json

from quetsach import __version__
from quetsach.captures.registry import capture_readers
from quetsach.formats.registry import all_formats
from quetsach.sandbox.escape_attempts import ATTEMPTS
from quetsach.sandbox.shut_in import landlock_version, offered
from quetsach.sieve.kernel import rust_available
from tests.cli.running import quetsach, quetsach_here


def test_the_state_of_this_machine_is_told_in_words_and_as_json() -> None:
    run = quetsach_here("doctor", "--json")
    found = {one["what"]: one for one in json.loads(run.stdout)}
    assert run.returncode == 0
    assert (found["quetsach"]["found"], found["quetsach"]["well"]) == (__version__, True)
    assert found["sieve"]["well"] is rust_available()
    # Who has no source has no make: the file of a release is named too.
    assert "quetsach_kernel" in found["sieve"]["todo"]
    assert all(one["well"] or one["todo"] for one in found.values())
    escapes = found["attempts to get out of the sandbox"]
    if offered().is_whole and landlock_version() >= 6:
        assert escapes["well"] is True
        assert escapes["found"].startswith(
            f"{len(ATTEMPTS)} tried in 3 profiles; possible: reader: "
        )
    shown = quetsach_here("doctor").stdout.decode()
    assert all(f"{name}: " in shown for name in found)


def test_every_format_is_listed_in_the_order_of_trial() -> None:
    run = quetsach_here("formats", "--json")
    assert run.returncode == 0
    names = [*(one.name for one in all_formats()), *(decoder.kind for decoder in capture_readers())]
    assert [one["name"] for one in json.loads(run.stdout)] == names


def test_titles_are_in_the_language_asked_for() -> None:
    english = quetsach("--lang", "en", "formats").stdout.decode()
    vietnamese = quetsach("--lang", "vi", "formats").stdout.decode()
    for one in all_formats():
        assert one.reads in english
        assert one.reads not in vietnamese
        assert one.name in vietnamese
