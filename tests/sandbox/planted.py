"""A secret planted in this process's environment, and what a child process sees of it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

SECRETS = {
    "QUETSACH_SECRET_KEY": "hush-hush",
    "DATABASE_URL": "postgresql://portal:hush-hush@db/portal",
    "LC_ALL": "hush-hush",
}


def plant(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Plant secrets, and return where each Python that is started writes down its environment."""
    written = folder / "environment"
    code = f"import os\nopen({str(written)!r}, 'a').write(repr(dict(os.environ)))\n"
    (folder / "sitecustomize.py").write_text(code)
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return written


def assert_clean(written: Path) -> None:
    """Check that a child was started, and saw none of the secrets."""
    environment = written.read_text()
    assert "PATH" in environment
    assert "hush-hush" not in environment


def assert_only_fixed(environment: Mapping[str, str]) -> None:
    """Check that an environment names nothing but what a program needs to start."""
    assert set(environment) <= {
        *("PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LANG", "TMPDIR", "SYSTEMROOT"),
        *("MALLOC_ARENA_MAX", "ARROW_DEFAULT_MEMORY_POOL", "JE_ARROW_MALLOC_CONF"),
        "OMP_NUM_THREADS",
    }
