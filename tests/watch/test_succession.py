"""What may take the place of a list: a signed release is followed by its own successor only."""

from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.keys import generate_key_pair
from quetsach.texts import use_language
from quetsach.watch.succession import (
    check_of_portal,
    check_successors,
    identities_of,
    identity_of,
)
from tests.watch.releases import write_release


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


OWN, OTHER = generate_key_pair("lead"), generate_key_pair("somebody")


@pytest.mark.parametrize(
    ("day", "follows", "key", "reason"),
    [
        (3, True, OWN, ""),
        (3, True, None, "is signed, this one is not"),
        (3, True, OTHER, "no key of the one in use"),
        (3, False, OWN, "names no version before it"),
        (1, True, OWN, "older than the one in use"),
    ],
)
def test_a_signed_release_is_followed_by_its_successor(
    tmp_path: Path, day: int, follows: bool, key: object, reason: str
) -> None:
    path = tmp_path / "list.jsonl"
    first = write_release(path, "abc", 2, key=OWN)
    before = identities_of([tmp_path])
    check_successors(before, identities_of([tmp_path]))
    write_release(path, "abcd", day, after=first if follows else b"", key=key)  # type: ignore[arg-type]
    if not reason:
        check_successors(before, identities_of([path]))
        return
    with pytest.raises(QuetsachError, match=reason) as refused:
        check_successors(before, identities_of([path]))
    assert refused.value.problem.code == "E506"


@pytest.mark.parametrize("damage", ["plain", "gone", "altered"])
def test_what_is_no_signed_release_any_more_is_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "list.jsonl"
    raw = write_release(path, "abc", 2, key=OWN)
    before = identities_of([path])
    if damage == "plain":
        path.write_text("a.example\n", encoding="ascii")
    elif damage == "altered":
        path.write_bytes(raw.replace(b"a.example", b"z.example"))
    else:
        path.unlink()
    with pytest.raises(QuetsachError, match="E506"):
        check_successors(before, identities_of([path]))


def test_lists_without_signature_are_as_their_user_puts_them(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    write_release(path, "abc", 2)
    before = identities_of([path])
    path.write_text("a.example\n", encoding="ascii")
    check_successors(before, identities_of([path]))
    assert identity_of(path) is None


def test_the_portals_release_is_followed_by_one_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    first = write_release(path, "abc", 2)
    before = identity_of(path)
    check_of_portal(before, before, "portal")
    write_release(path, "abcd", 3, after=first)
    check_of_portal(before, identity_of(path), "portal")
    write_release(path, "abcd", 3)
    for after in (identity_of(path), None):
        with pytest.raises(QuetsachError, match="names no version"):
            check_of_portal(before, after, "portal")
        check_of_portal(None, after, "portal")
