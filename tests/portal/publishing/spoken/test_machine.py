"""Drafts by a machine's voice: a small sound, marked, and plainly missing where there is none."""

import io
import os
import shutil
import sys
import wave

import pytest

from quetsach_portal.publishing.spoken.machine import PROGRAM, NoVoice, read_out
from quetsach_public.pages.recordings import MOST_BYTES, SPOKEN_TEXTS, spoken_words

SECONDS = 3
DOUBLE = f"""#!{sys.executable}
import sys, wave
sys.stdin.buffer.read()
with wave.open(sys.stdout.buffer, "wb") as out:
    out.setnchannels(1); out.setsampwidth(2); out.setframerate(22050)
    out.writeframes(b"\\x00\\x40" * 22050 * {SECONDS})
"""


@pytest.fixture
def voice(tmp_path, monkeypatch) -> None:
    """A program that speaks three seconds of one tone, whatever it is told."""
    program = tmp_path / "bin" / PROGRAM
    program.parent.mkdir()
    program.write_text(DOUBLE)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def test_what_is_spoken_becomes_small_and_keeps_its_length(voice) -> None:
    with wave.open(io.BytesIO(read_out("xin chào", "vi"))) as sound:
        assert (sound.getsampwidth(), sound.getnchannels()) == (1, 1)
        assert sound.getnframes() / sound.getframerate() == SECONDS
        assert set(sound.readframes(100)) == {128 + 64}


def test_a_missing_or_failing_program_is_said(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoVoice, match="apt-get install espeak-ng"):
        read_out("x", "vi")
    program = tmp_path / PROGRAM
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(NoVoice, match="failed"):
        read_out("x", "vi")


@pytest.mark.skipif(
    shutil.which(PROGRAM) is None, reason="ESPEAK-NG IS NOT HERE: the real voice was not tried"
)
def test_the_real_voice_reads_every_text_within_the_size_of_a_recording() -> None:
    for key in SPOKEN_TEXTS:
        assert 10_000 < len(read_out(spoken_words(key, "vi"), "vi")) <= MOST_BYTES
