"""The folder of a built site: files with packed twins and hashed names, put in place at once."""

import gzip
import hashlib
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path


def folder_aside(folder: Path) -> Path:
    """Return a new, empty folder beside `folder` that the web server may read."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    aside.chmod(0o755)
    return aside


def put_in_place(aside: Path, folder: Path) -> None:
    """Let `folder`, a link, lead to the new pages; a reader has the old ones or the new."""
    before = folder.resolve() if folder.is_symlink() else None
    link = aside.with_name(f"{aside.name}.link")
    link.symlink_to(aside.name)
    link.replace(folder)
    if before is not None and before.parent == folder.parent.resolve():
        shutil.rmtree(before, ignore_errors=True)


def write_packed(path: Path, content: bytes) -> None:
    """Write a file and its packed twin, which is the same for the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))


def shipped(name: str) -> bytes:
    """Return a file of the package's folder static."""
    return files("quetsach_public.pages").joinpath(f"static/{name}").read_bytes()


def write_hashed(folder: Path, name: str, content: bytes) -> str:
    """Write a file whose name changes with its bytes, and return its path on the site."""
    stem, _, suffix = name.rpartition(".")
    path = f"/static/{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
    write_packed(folder / path.lstrip("/"), content)
    return path
