"""pyarrow loaded without NumPy and pandas, which it looks for and which the engine does not use.

Where both are installed, as beside PySpark, they take three times as long to load as pyarrow.
Source: the installation page of pyarrow: NumPy is optional from 18 on, pandas always.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


def load_arrow() -> None:
    """Load pyarrow, if it is not loaded yet, so that it takes neither of the two for installed.

    Whoever asks for NumPy or pandas by name still gets them.
    """
    if "pyarrow" in sys.modules:
        return
    with _hidden("numpy", "pandas"):
        import pyarrow as pa

        # Loaded later these would look for NumPy themselves.
        import pyarrow.compute
        import pyarrow.parquet

        # It looks for pandas when the first array is made, and never again.
        pa.array([0])


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Let an import of `names` fail as if they were not installed."""
    modules: dict[str, object] = sys.modules  # type: ignore[assignment]  # None says: not to be found
    absent = [name for name in names if name not in modules]
    modules.update(dict.fromkeys(absent))
    try:
        yield
    finally:
        for name in absent:
            del modules[name]
