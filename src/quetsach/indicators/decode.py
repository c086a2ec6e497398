"""The decoding of lists stands below the readers of documents, which need it too."""

from quetsach.decoding import decode as decode
