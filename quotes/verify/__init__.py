"""Hold quotations against sources: was it said, by whom, and in these words?

>>> from quotes.formats.sources import expand, read_all
>>> with Verifier(read_all(expand(["transcripts/"]))) as verifier:  # doctest: +SKIP
...     checked = list(verifier.verify(records))
"""

from quotes.verify.index import Index, build
from quotes.verify.verifier import Verifier

__all__ = ["Index", "Verifier", "build"]
