"""Attempts to get out of the sandbox fail, in each profile, but those that the table tells of."""

import shutil
import subprocess
import sys

import pytest

from quetsach.sandbox import escape_trials
from quetsach.sandbox.contract import SandboxProfile
from quetsach.sandbox.escape_attempts import ATTEMPTS
from quetsach.sandbox.shut_in import landlock_version, offered

WHOLE = pytest.mark.skipif(
    not offered().is_whole or landlock_version() < 6,
    reason="this kernel offers no seccomp, or no Landlock that knows signals",
)


@WHOLE
@pytest.mark.asvs("V15.2.5")
@pytest.mark.parametrize("profile", list(SandboxProfile))
def test_what_succeeds_in_a_profile_is_what_its_table_says(profile: SandboxProfile) -> None:
    reached = escape_trials.attempt_escapes(profile)
    assert {attempt.name for attempt in reached} == {
        attempt.name for attempt in ATTEMPTS if profile in attempt.stays
    }
    assert escape_trials.unexpected(profile, reached) == ()


_NAMES_REACHED = """
from quetsach.sandbox.contract import SandboxProfile
from quetsach.sandbox.escape_trials import attempt_escapes
print(*(each.name for each in attempt_escapes(SandboxProfile.READER)))
"""


@WHOLE
def test_a_caller_whose_group_has_no_number_here_is_no_way_out() -> None:
    # As in a container: the group is that of a process outside, and 0 stands for one's own.
    alone = ["unshare", "--pid", "--fork", "--kill-child"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("no process may be given numbers of its own here")
    words = [*alone, sys.executable, "-c", _NAMES_REACHED]
    run = subprocess.run(words, capture_output=True, timeout=60, check=True)
    assert run.stdout.decode().split() == ["see-file"]


def test_what_no_profile_promises_is_told_apart_from_what_stays_possible() -> None:
    reached = tuple(each for each in ATTEMPTS if each.name in ("see-file", "udp", "read-secret"))
    names = {
        profile: [each.name for each in escape_trials.unexpected(profile, reached)]
        for profile in SandboxProfile
    }
    assert names == {
        SandboxProfile.READER: ["read-secret", "udp"],
        SandboxProfile.SENDER: ["read-secret"],
        SandboxProfile.LISTENER: ["read-secret", "udp"],
    }
