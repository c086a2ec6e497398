"""The door for reports: everything that it promises is there, and it opens quickly."""

import subprocess
import sys

from quetsach.api import reports


def test_everything_that_is_named_is_there_once() -> None:
    assert len(set(reports.__all__)) == len(reports.__all__)
    for name in reports.__all__:
        assert getattr(reports, name) is not None


def test_what_only_sketches_need_is_loaded_by_sketches_alone() -> None:
    script = "import sys; import quetsach.api.reports; print('datasketches' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert run.stdout.strip() == b"False"
