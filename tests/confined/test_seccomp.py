"""seccomp by itself: sockets are refused, with an error and not by a kill."""

import subprocess
import sys

import pytest

from quetsach.confined import seccomp

CODE = """
import socket
from quetsach.confined import seccomp
seccomp.no_new_privileges()
seccomp.restrict()
try:
    socket.socket()
except PermissionError:
    print("refused")
"""


@pytest.mark.skipif(not seccomp.is_offered(), reason="this kernel filters no calls")
def test_a_socket_is_refused_and_the_process_goes_on() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True)
    assert done.stdout.strip() == "refused", done.stderr
