"""All targets, by what they read."""

import os

import django

# Modules of the portal can be imported only behind this; none of them is given a database.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.portal.settings")
django.setup()
