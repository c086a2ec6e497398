"""The portal's settings for tests: quick hashes, folders of the test run."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("QUETSACH_HOME", tempfile.mkdtemp(prefix="quetsach-portal-"))
os.environ.setdefault("QUETSACH_SECRET_KEY", "only-for-tests-" + "x" * 40)

# Tests of the second factor switch it on.
os.environ.setdefault("QUETSACH_SECOND_FACTOR", "off")

from quetsach_portal.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]

# A file and not memory, so that tests can start processes of their own on it.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {  # noqa: F405
        "NAME": Path(tempfile.mkdtemp(prefix="quetsach-test-")) / "test.sqlite3"
    }
