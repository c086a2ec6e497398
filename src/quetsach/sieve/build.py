"""Choose the sieve: the compiled one where it is installed, else the plain one."""

from importlib.util import find_spec
from typing import Literal

from quetsach.sieve.contract import Sieve, SieveKeys
from quetsach.sieve.twin import PythonSieve


def rust_available() -> bool:
    """Return whether the compiled kernel is installed."""
    return find_spec("quetsach_kernel") is not None


def build_sieve(keys: SieveKeys, prefer: Literal["auto", "rust", "python"] = "auto") -> Sieve:
    """Return a sieve for `keys`; what it finds does not depend on which one it is.

    Errors: ModuleNotFoundError when `prefer` is "rust" and the kernel is not installed.
    """
    if prefer == "python" or (prefer == "auto" and not rust_available()):
        return PythonSieve(keys)
    from quetsach.sieve.kernel import RustSieve

    return RustSieve(keys)
