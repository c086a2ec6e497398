"""The environment of a process in the sandbox: where programs and modules lie, and no more."""

import os
from pathlib import Path

OPT_OUT = "QUETSACH_SANDBOX_OWN_USER"
"""Set to 0, no process gets a user of its own: where FUSE or NFS let only root itself read."""

PLUGINS = "QUETSACH_PLUGINS"
"""Set to off, packages of others are left aside in there, too; see entry_points.py."""

_SOURCE = Path(__file__).parents[2]


def clean_environment(folder: Path | None = None) -> dict[str, str]:
    """Return the environment of a child process: where programs and modules lie, and no more.

    It holds no secret, no database and no address of the process that starts it. `folder` is the
    one that the child may write to.
    """
    modules = (str(_SOURCE), *os.environ.get("PYTHONPATH", "").split(os.pathsep))
    # Absolute, as the child has another working directory.
    paths = (os.path.abspath(path) for path in modules if path)  # noqa: PTH100  # links stay
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        # Few, small stores of memory, so that the bound on addresses is a bound on use.
        "MALLOC_ARENA_MAX": "2",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        # A process that others are forked off has one thread.
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
        "OMP_NUM_THREADS": "1",
    }
    if folder is not None:
        environment["TMPDIR"] = str(folder / "tmp")
    for name in (OPT_OUT, PLUGINS):
        if name in os.environ:
            environment[name] = os.environ[name]
    if "SYSTEMROOT" in os.environ:
        # Windows starts no program without it.
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return environment


def working_directory(folder: Path | None) -> str:
    """Return where a process stands that may write to `folder`, or to none."""
    return os.sep if folder is None else str(folder)
