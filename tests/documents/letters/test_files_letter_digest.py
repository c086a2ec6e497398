"""The digest of a letter is that of what it says."""

from dataclasses import replace

from quetsach.documents.letters.files import letter_digest
from tests.documents.letters import full, proven


def test_the_digest_is_of_what_a_letter_says_and_of_nothing_else() -> None:
    letter = proven()
    known = letter_digest(letter)
    assert len(known) == 64
    assert letter_digest(replace(full(), mark=None)) == known
    assert letter_digest(replace(letter, head=replace(letter.head, number=6))) != known
    assert letter_digest(replace(letter, recipients=())) != known
