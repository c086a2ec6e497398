"""Why something of the public page could not be written, in words for the lead office."""


class CannotWrite(Exception):
    """A writer's own word: what is missing and what to do. Nothing was changed in the folder."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told
