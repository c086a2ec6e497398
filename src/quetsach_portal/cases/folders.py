"""The findings folders that cases rest on: kept under their digests, whoever brought them."""

import os
import shutil
from pathlib import Path
from secrets import token_hex

from django.conf import settings

from quetsach_portal.cases.models import FolderRead

KEPT = (
    "manifest.json",
    "devices.json",
    "coverage.json",
    "rejects.json",
    "sightings.parquet",
    "alive.parquet",
)


def path_of(digest: str) -> Path:
    """Return where the folder with this digest lies."""
    return Path(settings.QUETSACH.home) / "cases" / digest[:2] / digest


def keep_folder(folder: Path, digest: str) -> Path:
    """Return the place at which the files of `folder` are kept, put there if they were not.

    Linked where the disk can, so that they take no second room. Safe to repeat: what a rolled-back
    act leaves behind is the same folder that the next try needs.
    """
    target = path_of(digest)
    if target.is_dir():
        return target
    partial = target.with_name(f".{digest[:16]}.{token_hex(6)}")
    partial.mkdir(parents=True)
    try:
        for name in KEPT:
            if (folder / name).is_file():
                _take(folder / name, partial / name)
        partial.rename(target)
    except OSError:
        if not target.is_dir():
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target


def _take(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def folders_of(node_id: int) -> list[Path]:
    """Return the folders of a node, the oldest first."""
    rows = (
        FolderRead.objects.filter(node_id=node_id).order_by("pk").values_list("digest", flat=True)
    )
    return [path_of(digest) for digest in rows]


def folders_read(node_id: int) -> dict[Path, bool]:
    """Return the folders of a node, the oldest first, each with whether it proves silence."""
    rows = FolderRead.objects.filter(node_id=node_id).order_by("pk")
    return {
        path_of(digest): proves for digest, proves in rows.values_list("digest", "proves_silence")
    }
