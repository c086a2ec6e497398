"""Builds the wheel of the portal by hatchling, in the folder above, where the code of both is.

A backend of its own (PEP 517), as hatchling builds what lies below the folder of pyproject.toml.
"""

import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.wheel import WheelBuilder

_HERE = Path(__file__).resolve().parent
_SOURCE = "The source archive of quetsach has the portal too: python -m build --sdist ."


class UnsupportedOperation(Exception):  # noqa: N818 - the name that PEP 517 gives it
    """What this backend does not build, with what to do instead."""


def _builder() -> WheelBuilder:
    settings = tomllib.loads((_HERE / "pyproject.toml").read_text("utf-8"))
    return WheelBuilder(str(_HERE.parent), config=settings)


def _build(folder: str, kind: str) -> str:
    return Path(next(_builder().build(directory=folder, versions=[kind]))).name


def build_wheel(
    wheel_directory: str,
    config_settings: dict[str, Any] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Build the wheel into a folder and return its name."""
    return _build(wheel_directory, "standard")


def build_editable(
    wheel_directory: str,
    config_settings: dict[str, Any] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Build the wheel that leads to this tree (PEP 660) and return its name."""
    return _build(wheel_directory, "editable")


def build_sdist(sdist_directory: str, config_settings: dict[str, Any] | None = None) -> str:
    """Refuse. Errors: UnsupportedOperation."""
    raise UnsupportedOperation(_SOURCE)
