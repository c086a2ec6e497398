"""The state of a signature follows from its flaws; the worst signature is that of the file."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from quetsach.signing.pades.state import (
    PdfSigner,
    PdfStamp,
    PdfState,
    PdfVerdict,
    SignatureFlaw,
    SignatureNote,
    StampState,
    flaw_words,
    note_words,
    sentences,
    stamp_sentence,
    state_words,
)
from quetsach.texts import use_language

NOON = datetime(2022, 9, 28, 12, tzinfo=UTC)
CONFIRMABLE = (SignatureFlaw.NOT_CONFIRMED, SignatureFlaw.NOBODY_TRUSTED)
CHANGES = (SignatureFlaw.CHANGED, SignatureFlaw.ADDED_TO, SignatureFlaw.UNREADABLE)


def signer(*flaws: SignatureFlaw, stamp: PdfStamp | None = None) -> PdfSigner:
    return PdfSigner("Nguyễn Thị Mẫu", "Xã A", "CA", "1f", NOON, flaws, stamp)


@pytest.mark.parametrize("flaw", list(SignatureFlaw))
def test_a_flaw_changes_refuses_or_leaves_open(flaw: SignatureFlaw) -> None:
    state = signer(flaw).state
    if flaw in CHANGES:
        assert state is PdfState.CHANGED
    elif flaw in CONFIRMABLE:
        assert state is PdfState.UNCONFIRMED
    else:
        assert state is PdfState.REFUSED
    assert signer(*CONFIRMABLE, flaw).state is state


def test_one_bad_signature_among_good_ones_makes_the_whole_bad() -> None:
    good, bad = signer(), signer(SignatureFlaw.REVOKED)
    assert PdfVerdict("", (good, good)).state is PdfState.VALID
    assert PdfVerdict("", (good, bad, good)).state is PdfState.REFUSED
    assert PdfVerdict("", (good,), (SignatureFlaw.ADDED_TO,)).state is PdfState.CHANGED
    assert PdfVerdict("", ()).state is PdfState.UNSIGNED


@pytest.mark.parametrize("state", list(StampState))
def test_the_time_of_a_stamp_counts_only_where_it_is_trusted(state: StampState) -> None:
    stamped = signer(stamp=PdfStamp(NOON, "TSA", state))
    assert stamped.stamped_at == (NOON if state is StampState.TRUSTED else None)
    assert signer().stamped_at is None


def test_each_state_flaw_and_note_has_its_sentence_in_both_languages() -> None:
    words: dict[str, list[str]] = {}
    for language in ("en", "vi"):
        use_language(language)  # type: ignore[arg-type]
        stamps = [PdfStamp(None, "", state) for state in StampState]
        words[language] = [
            *map(state_words, PdfState),
            *map(flaw_words, SignatureFlaw),
            *map(note_words, SignatureNote),
            *(stamp_sentence(stamp, datetime.isoformat) for stamp in stamps),
        ]
    assert len(set(words["en"])) == len(words["en"])
    assert not set(words["en"]) & set(words["vi"])


def test_it_is_told_how_much_of_the_file_a_signature_covers() -> None:
    use_language("en")
    whole = replace(signer(), covered=(900, 900))
    assert sentences(whole, datetime.isoformat) == ("It covers the whole file.",)
    told = sentences(replace(signer(), covered=(700, 900)), datetime.isoformat)
    assert "700 of 900" in told[0]
    assert "only signatures" in told[0]
    added = replace(signer(SignatureFlaw.ADDED_TO), covered=(700, 900))
    assert "only the first 700 of 900" in sentences(added, datetime.isoformat)[1]


def test_what_is_said_of_a_signature_names_flaws_then_stamp_then_notes() -> None:
    use_language("en")
    stamp = PdfStamp(NOON, "TSA", StampState.TRUSTED)
    told = PdfSigner(
        *("A", "B", "CA", "1", NOON, (SignatureFlaw.EXPIRED,), stamp),
        notes=(SignatureNote.BRINGS_PROOF,),
    )
    first, second, third = sentences(told, datetime.isoformat)
    assert first == flaw_words(SignatureFlaw.EXPIRED)
    assert NOON.isoformat() in second
    assert third == note_words(SignatureNote.BRINGS_PROOF)
