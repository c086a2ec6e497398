"""Whether a message begins where a form was found, or only holds a text that looks like it.

What strangers choose stands in lines, too: a user agent, the name of a login, the address of a page
may be a whole line of another product, made to name an innocent machine. What stands before a
message of a device is a head: times, names, numbers. What stands before a stranger's text is prose,
or the quote that it is in.
"""

import re

_TAG = re.compile(r"[A-Za-z][\w./\-]{0,47}: ?")
_PROCESS = re.compile(r"(?:\A|[\s>])[A-Za-z][\w./\-]{0,47}\[\d{1,10}\]: ?")
_PROSE = re.compile(r"(?:\A|\s)[A-Za-z]{2,24} [a-z]{2,24}:? ")
# Behind the tag of a process: levels, numbers, what is in brackets, words that end in a colon. No
# way back: the ways to part a long front into these would have no end.
_HEAD_WORDS = re.compile(
    r"(?:\s+|\[[^\]]{0,64}\]?|\([^)]{0,64}\)?|\S{0,32}:|[\w.\-]{1,48}\[\w{1,10}\]"
    r"|[^A-Za-z\s\[(]{1,40}|(?i:info|notice|warning|error|debug|critical|alert|emerg)"
    r"|[A-Z][a-z]{2}|[A-Z]{2,8})*+\Z"
)
_LONGEST = 512


def is_in_anothers(text: str, start: int, *, has_program: bool = False) -> bool:
    """Return whether a form that was found at `start` of `text` stands in somebody else's words.

    `has_program` says that a wrapper named the program, so that all of `text` is its message.
    """
    if start <= 0:
        return False
    front = text[:start]
    if not front.strip('" '):
        return False
    if len(front) > _LONGEST or front.count('"') % 2:
        return True
    process = _PROCESS.search(front)
    if process is not None:
        front, has_program = front[process.end() :], True
    else:
        tag = _TAG.match(front)
        front = front if tag is None else front[tag.end() :]
        has_program = has_program and tag is None
    if _PROSE.search(front):
        return True
    return has_program and _HEAD_WORDS.match(front) is None
