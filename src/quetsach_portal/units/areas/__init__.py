"""The national tree of areas of 2022 and of 2025, as data; NOTICE.md names its source."""
