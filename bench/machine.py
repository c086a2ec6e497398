"""What the figures were measured on: processor, memory, system and versions, without any name."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("quetsach", "duckdb", "pyarrow", "isal", "polars", "hyperscan")


def described() -> str:
    """Return the machine and the programs in Markdown, one line each."""
    lines = {
        "Processor": f"{_processor()}, {len(os.sched_getaffinity(0))} cores used",
        "Memory": f"{_memory_gb():.0f} GB",
        "System": f"{platform.system()} {platform.release().split('-')[0]}",
        "Python": platform.python_version(),
        "Packages": ", ".join(filter(None, map(_package, PACKAGES))),
        "Programs": ", ".join(filter(None, map(_first_line, ("rg", "grep")))),
        "Busy with other work": f"{os.getloadavg()[0]:.1f} of its cores when it began",
    }
    return "\n".join(f"- {name}: {value}" for name, value in lines.items() if value)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def _package(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return ""


def _first_line(program: str) -> str:
    if not shutil.which(program):
        return ""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return said.stdout.partition("\n")[0]
