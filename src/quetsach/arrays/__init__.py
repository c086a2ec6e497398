"""Columns of whole numbers: NumPy where it is installed (the extra `fast`), else plain Python.

Whoever works on columns writes `from quetsach.arrays import np`, and uses of it what `plain.py`
has: both give the same, and a test holds them to it.
"""

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers: TypeAlias = npt.NDArray[Any]
    Codes: TypeAlias = npt.NDArray[np.int64]
    Marks: TypeAlias = npt.NDArray[np.bool_]
    Joining: TypeAlias = np.ufunc
else:
    try:
        import numpy as np
    except ModuleNotFoundError:
        from quetsach.arrays import plain as np
    Numbers = Codes = Marks = Joining = Any

__all__ = ["Codes", "Joining", "Marks", "Numbers", "np"]
