"""pyarrow loaded without NumPy and pandas, which it looks for and which the engine does not use.

Where both are installed, as beside PySpark, they take three times as long to load as pyarrow.
Source: the installation page of pyarrow: NumPy is optional from 18 on, pandas always.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

_REMOTE = tuple(f"pyarrow.{one}" for one in ("_s3fs", "_gcsfs", "_azurefs", "_hdfs"))
"""What reads files elsewhere; each may be missing in a build of pyarrow."""


def load_arrow(*, remote: bool = True) -> None:
    """Load pyarrow, if it is not loaded yet, so that it takes neither of the two for installed.

    Whoever asks for NumPy or pandas by name still gets them. Without `remote` nothing is loaded
    that reads from S3 or HDFS: this process then cannot.
    """
    if "pyarrow" in sys.modules:
        return
    away: dict[str, ModuleType | None] = dict.fromkeys(("numpy", "pandas"))
    away |= _without_documents()
    if not remote:
        away |= dict.fromkeys(_REMOTE) | _without_certificates()
    if sys.platform == "linux":
        # It gives back what was freed, where the usual one keeps tens of megabytes that are needed
        # once. The wheels for Linux have it.
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "jemalloc")
    with _replaced(away):
        import pyarrow as pa

        # Loaded later these would look for NumPy themselves.
        import pyarrow.compute
        import pyarrow.parquet

        # It looks for pandas when the first array is made, and never again.
        pa.array([0])


def _without_documents() -> dict[str, ModuleType]:
    """Return what reads no parameters out of the texts of 300 functions, which nobody asks for."""
    name = "pyarrow.vendored.docscrape"
    made = ModuleType(name)
    made.NumpyDocString = lambda _text: {"Parameters": []}  # type: ignore[attr-defined]
    return {name: made}


def _without_certificates() -> dict[str, ModuleType]:
    """Return what knows no certificates: who reads local files needs no OpenSSL."""
    made = ModuleType("ssl")
    none = SimpleNamespace(cafile=None, capath=None)
    made.get_default_verify_paths = lambda: none  # type: ignore[attr-defined]
    return {"ssl": made}


@contextmanager
def _replaced(others: Mapping[str, ModuleType | None]) -> Iterator[None]:
    """Let an import of these give others meanwhile; None stands for one that is not installed."""
    modules: dict[str, object] = sys.modules  # type: ignore[assignment]  # None says: not to be found
    away = {name: other for name, other in others.items() if name not in modules}
    modules.update(away)
    try:
        yield
    finally:
        for name in away:
            del modules[name]
