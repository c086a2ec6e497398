"""What an act refuses, in words for the person who asked."""


class Refused(Exception):
    """An act is not possible as asked; the text is shown to the person, and nothing was changed.

    `field` names the form field it is about, "" for the whole.
    """

    def __init__(self, told: str, *, field: str = "") -> None:
        super().__init__(told)
        self.told = told
        self.field = field
