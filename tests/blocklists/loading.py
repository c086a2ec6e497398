"""Loads what was written by real programs, in a network of its own."""

import subprocess
from pathlib import Path

import pytest

from quetsach.blocklists.choose import identity
from quetsach.blocklists.convert import ConvertedRelease
from quetsach.blocklists.folder import PreviousRelease
from tests.blocklists.making import indicators, make, program


def namespace(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a network of its own, so that this machine's firewall is left alone."""
    unshare = program("unshare", "util-linux")
    return subprocess.run([unshare, "-rn", *command], capture_output=True, text=True)


def need_namespace() -> None:
    if namespace("true").returncode != 0:
        pytest.skip("no network namespaces are permitted here: NOT loaded by the real program")


def written(files: dict[str, str], folder: Path) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder / next(iter(files))


def next_release(old: ConvertedRelease, form: str, *values: str) -> ConvertedRelease:
    held = {identity(one.indicator): one for one in old.written}
    previous = PreviousRelease(
        held, old.about.serial, old.about.list_id, (form, "watch", "quetsach")
    )
    return make(form, indicators(*values), previous=previous)
