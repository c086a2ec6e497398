"""Each error that can be expected has a code; one that should not be has none here."""

import errno

import pytest

from quetsach.cli.run_errors import as_problem
from quetsach.errors.exceptions import QuetsachError


@pytest.mark.parametrize(
    ("error", "code", "where"),
    [
        (QuetsachError("E101", "x"), "E101", "x"),
        (MemoryError(), "E612", "quetsach"),
        (ImportError("libx.so: cannot allocate memory"), "E612", "quetsach"),
        (OSError(errno.ENOMEM, "no room"), "E612", "quetsach"),
        (OSError(errno.ENOSPC, "disk full", "/a/b"), "E613", "/a/b"),
        (PermissionError(errno.EACCES, "not yours"), "E613", "quetsach"),
    ],
)
def test_an_error_of_the_machine_has_a_code(error: Exception, code: str, where: str) -> None:
    told = as_problem(error)
    assert told is not None
    assert (told.problem.code, told.problem.where) == (code, where)


@pytest.mark.parametrize(
    "error", [KeyError("x"), ImportError("no module"), OSError(errno.ENOENT, "gone"), ValueError()]
)
def test_an_error_that_should_not_be_has_none(error: Exception) -> None:
    assert as_problem(error) is None
