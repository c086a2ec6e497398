"""Files that an address hands out, and how they are told of."""

from ninja import Schema

A_FILE = {
    "responses": {
        200: {
            "description": "The file, as it was taken",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    }
}
"""What the description says of an address that hands out a file."""


class FileOut(Schema):
    """A file: what it is called, its bytes and their digest."""

    name: str
    size: int
    sha256: str


def name_of(somebody: object) -> str:
    """Return the name of a person as pages show it, "" where nobody is known."""
    return "" if somebody is None else str(somebody)
