"""The compiled templates of the page, kept where Python keeps its own compiled modules.

Compiling them takes longer than to sweep a small log. They are written beside the templates as
Python writes its bytecode: by whoever may write there, whole or not at all, and not with `-B`.
"""

import pickle
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from secrets import token_hex

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

from quetsach import __version__

_UNREADABLE: tuple[type[Exception], ...] = (
    *(OSError, ValueError, EOFError, TypeError, LookupError, AttributeError, ImportError),
    pickle.UnpicklingError,
)
_FOLDER = Path(__file__).parent / "templates"


class TemplateCode(BytecodeCache):
    """Compiled templates, each in a file of its own that is named after what compiled it.

    Shapes: `folder` is where they lie; without one that of Python's bytecode beside the templates.
    With `always` they are written even where Python is told to write none, as `compileall` does.
    """

    def __init__(self, folder: Path | None = None, *, always: bool = False) -> None:
        beside = Path(cache_from_source(str(_FOLDER / "page.py"))).parent
        self._folder = beside if folder is None else folder
        self._always = always

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002
        """Return the name of the file: the rules of a template change with our version, too."""
        tag = sys.implementation.cache_tag
        return f"{name}.{tag}.jinja-{jinja2.__version__}.quetsach-{__version__}.code"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill `bucket` from its file, if that is whole and of this very template."""
        with suppress(*_UNREADABLE):
            bucket.bytecode_from_string((self._folder / bucket.key).read_bytes())

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write `bucket`; where that cannot be, it is compiled again next time."""
        if sys.dont_write_bytecode and not self._always:
            return
        aside = self._folder / f"{bucket.key}.{token_hex(4)}"
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                aside.write_bytes(bucket.bytecode_to_string())
                aside.replace(self._folder / bucket.key)
            finally:
                aside.unlink(missing_ok=True)
