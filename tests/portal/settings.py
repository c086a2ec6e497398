"""The portal's settings for tests: quick hashes, folders of the test run."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "QUETSACH_HOME" not in os.environ:
    os.environ["QUETSACH_HOME"] = tempfile.mkdtemp(prefix="quetsach-portal-")
    atexit.register(shutil.rmtree, os.environ["QUETSACH_HOME"], ignore_errors=True)
os.environ.setdefault("QUETSACH_SECRET_KEY", "only-for-tests-" + "x" * 40)

# Tests of the second factor switch it on.
os.environ.setdefault("QUETSACH_SECOND_FACTOR", "off")
os.environ.setdefault("QUETSACH_FEED_HOSTS", "danh-sach.example,127.0.0.1")

from quetsach_portal.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]

# A file and not memory, so that tests can start processes of their own on it.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {  # noqa: F405
        "NAME": Path(tempfile.mkdtemp(prefix="quetsach-test-")) / "test.sqlite3"
    }
