"""What `quetsach serve` gives to the server."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_portal_is_served_by_a_process_that_has_loaded_nothing_yet(tmp_path: Path) -> None:
    of_its_own = {"DJANGO_SETTINGS_MODULE": "quetsach_portal.config.settings", "DATABASE_URL": ""}
    ended = subprocess.run(
        [sys.executable, "-c", "from quetsach_portal.config.serving import front; print(front)"],
        capture_output=True,
        text=True,
        cwd=ROOT / "src",
        env={**os.environ, **of_its_own, "QUETSACH_HOME": str(tmp_path)},
    )
    assert ended.returncode == 0, ended.stderr
