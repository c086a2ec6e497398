"""Kinds and rules: each kind has a title and endings, each purpose a size and a time."""

from datetime import timedelta

from quetsach_portal.files.kinds import RULES, FileKind


def test_the_time_for_an_upload_grows_with_its_size_and_has_an_end() -> None:
    from quetsach_portal.files.kinds import EVIDENCE, GIB, MIB

    hours = [EVIDENCE.time_for(size) / timedelta(hours=1) for size in (0, 100 * MIB, GIB, 9 * GIB)]
    assert hours == sorted(hours)
    assert hours[0] == 1
    assert hours[2] > 8
    assert hours[3] == 48


def test_every_kind_that_is_taken_has_a_title_and_endings() -> None:
    from quetsach_portal.files.kinds import ABOUT

    assert set(ABOUT) == set(FileKind)
    for rules in RULES.values():
        assert rules.titles()
        assert all(one.startswith(".") for one in rules.endings())
