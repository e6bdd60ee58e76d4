"""The errors of the package: each says what, where, expected, found and what to do."""

from __future__ import annotations


class HetaoGeoError(ValueError):
    """The root of every error that the package raises on purpose.

    Parameters
    ----------
    what : str
        What went wrong, as the start of a sentence.
    where : str, optional
        The file, argument, feature or vertex.
    expected, found : str, optional
        What would have been right and what was there.
    hint : str, optional
        What the reader can do about it.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        expected: str | None = None,
        found: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.what, self.where = what, where
        self.expected, self.found, self.hint = expected, found, hint
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """Return the whole error as one sentence.

        Examples
        --------
        >>> HetaoGeoError("unknown layer", found="'parcs'", hint="see the list").sentence()
        "unknown layer: found 'parcs'; see the list"
        """
        head = f"{self.what} ({self.where})" if self.where else self.what
        claims = [f"expected {self.expected}"] if self.expected else []
        claims += [f"found {self.found}"] if self.found else []
        body = f"{head}: {', '.join(claims)}" if claims else head
        return f"{body}; {self.hint}" if self.hint else body


class UsageError(HetaoGeoError):
    """An argument that the package cannot use: an unknown name, CRS, language or format."""


class DataError(HetaoGeoError):
    """A file that is missing, unreadable, or not what it claims to be."""


class OutputError(HetaoGeoError):
    """A file that cannot be written."""


class MissingExtraError(HetaoGeoError):
    """An optional dependency that is not installed; the error names the extra."""
