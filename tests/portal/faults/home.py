"""The home of an act that is tried: laid out once, and put back as it was before each fault."""

import os
import re
import shutil
import time
from collections import Counter
from pathlib import Path

from django.db import connections

OLD_S = 3 * 24 * 3600
_RANDOM = re.compile(r"^[0-9a-f]{2}$|[0-9a-f]{8,}|[0-9]+|(?<=tmp)[0-9a-z_]{8}$")
_DATABASE = ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm")


def keep(home: Path, kept: Path) -> None:
    """Keep `home` as it is now at `kept`; nobody has its database open."""
    connections.close_all()
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(home, kept, symlinks=True)


def put_back(kept: Path, home: Path) -> None:
    """Make `home` what was kept."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(kept, home, symlinks=True)


def files_in(home: Path) -> Counter[str]:
    """Return how many files there are of each name, random parts and numbers of it left out."""
    names = (
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.is_file() and path.name not in _DATABASE
    )
    return Counter("/".join(map(_plain, name.split("/"))) for name in names)


def _plain(name: str) -> str:
    return _RANDOM.sub("#", name)


def grow_old(home: Path) -> None:
    """Let all files be days old, so that what tidies up takes what is left."""
    moment = time.time() - OLD_S
    for path in home.rglob("*"):
        if path.name not in _DATABASE and not path.is_symlink():
            os.utime(path, (moment, moment))
