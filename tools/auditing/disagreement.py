"""What the auditor says when the ledger is not what the documents describe."""


class Disagreement(Exception):
    """The first thing that does not agree: what was looked at, what it should be, what it is."""

    def __init__(self, what: str, expected: object, found: object) -> None:
        super().__init__(what)
        self.what, self.expected, self.found = what, expected, found
        self.place = ""

    def at(self, place: str) -> "Disagreement":
        """The same, with the place, unless one that is nearer is known already."""
        self.place = self.place or place
        return self

    def __str__(self) -> str:
        return f"{self.place}: {self.what}\n  expected: {self.expected}\n  found:    {self.found}"


def require(what: str, expected: object, found: object) -> None:
    """The two must be equal."""
    if expected != found:
        raise Disagreement(what, expected, found)


def refuse(what: str, expected: object, found: object) -> None:
    """They are known not to agree."""
    raise Disagreement(what, expected, found)
