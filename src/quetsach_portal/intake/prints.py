"""Where the fingerprints of submissions are kept, and apart from them the secrets that open them.

The process that sweeps makes both: no secret is given to it. A backup has the fingerprints and
never a secret, so that what was forgotten stays forgotten.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

from quetsach_portal.files.storage import home

SECRETS_FOLDER = "print-secrets"
_PRINTS = "prints"


def prints_folder(name: str) -> Path:
    """Return the place of kept fingerprints."""
    return home() / _PRINTS / name


def secrets_folder(name: str) -> Path:
    """Return the place of their secrets."""
    return home() / SECRETS_FOLDER / name


def store_prints(prints: Path, secrets: Path, submission_id: int) -> str:
    """Move fingerprints and secrets to where they are kept; return the name that both have there.

    The secrets go first: fingerprints that nobody can open are never kept. "" where there are none.
    """
    if not prints.is_dir() or not secrets.is_dir():
        return ""
    name = f"{submission_id}-{token_hex(8)}"
    for folder, target in ((secrets, secrets_folder(name)), (prints, prints_folder(name))):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.rename(target)
    return name


def forget_prints(name: str) -> None:
    """Destroy fingerprints, their secrets first: what a copy holds answers nothing from then on."""
    secrets = secrets_folder(name)
    if secrets.is_dir():
        shutil.rmtree(secrets)
    shutil.rmtree(prints_folder(name), ignore_errors=True)


def stored_prints() -> Iterator[Path]:
    """Yield the folders there, of fingerprints and of secrets, known or left behind."""
    for folder in (_PRINTS, SECRETS_FOLDER):
        yield from sorted((home() / folder).glob("*-*"))
