"""Values out of an address, whatever somebody wrote there."""

MOST = 40


def numbers(text: str) -> list[int]:
    """Return the whole numbers in "1,34,2"; what is none is left out."""
    parts = text[:800].split(",")[:MOST]
    return [int(one) for one in parts if one.isascii() and one.isdigit() and len(one) < 12]
