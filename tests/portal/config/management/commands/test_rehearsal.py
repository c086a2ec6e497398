"""The processes of a rehearsal: they serve nothing else, and end when they are to."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from quetsach_portal.config.management.commands.rehearsal import IDLE_S, is_wanted
from quetsach_portal.web.scratch_homes import RehearsalNote, ask_for, write_note


@pytest.mark.parametrize("act", ["fill", "serve"])
def test_a_real_portal_is_never_filled_or_served_as_a_rehearsal(act: str) -> None:
    with pytest.raises(CommandError, match="no rehearsal"):
        call_command("rehearsal", act, "--parent", str(os.getppid()))


def test_it_is_wanted_until_it_is_thrown_away_or_nobody_asks_for_it(tmp_path: Path) -> None:
    assert not is_wanted(tmp_path)
    write_note(tmp_path, RehearsalNote("0123456789ab", 1, "", "", ""))
    assert not is_wanted(tmp_path)
    ask_for(tmp_path)
    assert is_wanted(tmp_path)
    long_ago = time.time() - IDLE_S - 1
    os.utime(tmp_path / "asked", (long_ago, long_ago))
    assert not is_wanted(tmp_path)
    ask_for(tmp_path)
    (tmp_path / "rehearsal.json").unlink()
    assert not is_wanted(tmp_path)


def test_who_was_started_by_somebody_else_ends(tmp_path: Path) -> None:
    code = "from quetsach_portal.web.bound_processes import end_with; end_with({})"
    environment = {
        **os.environ,
        "QUETSACH_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "quetsach_portal.config.settings",
    }
    ended = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {code.format(1)}; print('on')"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stdout) == (1, ""), ended.stderr
