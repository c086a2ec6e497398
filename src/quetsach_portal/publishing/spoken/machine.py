"""A machine's voice by espeak-ng, for trial only: what a recording would say."""

import io
import shutil
import subprocess
import wave

import numpy as np

PROGRAM = "espeak-ng"
LONGEST_S = 60
"""Seconds that the program may take for one text."""

_VOICES = {"vi": "vi"}
_EVERY = 2
"""Of so many samples one is kept, in eight bits: half of telephone quality is enough to judge."""


class NoVoice(Exception):
    """There is no voice: the program is missing or failed; the text says which."""


def read_out(words: str, language: str) -> bytes:
    """Return `words` as a small WAV file. Errors: NoVoice."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise NoVoice(f"{PROGRAM} is not installed: apt-get install {PROGRAM}")
    command = [program, "-v", _VOICES[language], "--stdin", "--stdout"]
    try:
        done = subprocess.run(
            command, input=words.encode(), capture_output=True, timeout=LONGEST_S, check=True
        )
        return _smaller(done.stdout)
    except (OSError, subprocess.SubprocessError, wave.Error, EOFError) as error:
        raise NoVoice(f"{PROGRAM} failed: {type(error).__name__}") from error


def _smaller(sound: bytes) -> bytes:
    """Return a WAV file of 16 bits in one channel with half the samples, of 8 bits each."""
    with wave.open(io.BytesIO(sound)) as source:
        if (source.getsampwidth(), source.getnchannels()) != (2, 1):
            raise wave.Error("it is not of one channel with 16 bits")
        rate = source.getframerate()
        # Written to a pipe, the head does not know its length: what is there is read.
        samples = np.frombuffer(source.readframes(source.getnframes()), dtype="<i2")
    whole = samples[: len(samples) // _EVERY * _EVERY].reshape(-1, _EVERY)
    bytes_of = (whole.mean(axis=1) / 256 + 128).clip(0, 255).astype(np.uint8)
    out = io.BytesIO()
    with wave.open(out, "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(1)
        target.setframerate(rate // _EVERY)
        target.writeframes(bytes_of.tobytes())
    return out.getvalue()
