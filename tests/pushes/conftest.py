"""What the tests of a push share: a certificate of this machine."""

from tests.watch.listening.conftest import certificate

__all__ = ["certificate"]
