"""`nlp.add_pipe("quotes")`: the records on `doc._.quotations`, for people who live in spaCy.

A thin adapter over `Extractor`. The component parses masked windows with a pipeline of its own (`model`): it
works in any English pipeline, a blank one included, and its results are those of the command line.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.tokens import Doc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from quotes.extractor import Extractor
    from quotes.records import Quotation

_KEY = "quotes"
_SPEAKERS = "speakers.toml"


def _quotations(doc: Doc) -> tuple[Quotation, ...]:
    from quotes.records import Quotation

    return tuple(Quotation.model_validate(item) for item in doc.user_data.get(_KEY, ()))


if not Doc.has_extension("quotations"):
    # Plain dictionaries in `user_data` survive `to_bytes` and so `nlp.pipe(n_process=2)`; models would not.
    Doc.set_extension("quotations", getter=_quotations)


class QuotesComponent:
    """Finds quotations; `doc._.quotations` is a tuple of `quotes.Quotation`, offsets into `doc.text`."""

    def __init__(self, model: str | None, speakers: str | None, include_unattributed: bool) -> None:
        self.model = model
        self.include_unattributed = include_unattributed
        self._path = Path(speakers) if speakers else None
        self._registry: str | None = None
        self._extractor: Extractor | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.quotations`. Raises `ModelError` or `DataError` at the first document."""
        found = self._ready().extract(doc.text)
        doc.user_data[_KEY] = [quotation.model_dump(mode="json") for quotation in found]
        return doc

    def pipe(self, stream: Iterable[Doc], batch_size: int = 128) -> Iterator[Doc]:
        """Process a stream of documents together, `batch_size` at a time."""
        from itertools import islice

        from quotes.records import Document

        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            documents = (Document(doc_id=str(i), text=doc.text) for i, doc in enumerate(batch))
            for doc, record in zip(batch, self._ready().pipe(documents), strict=True):
                doc.user_data[_KEY] = [quotation.model_dump(mode="json") for quotation in record.quotations]
                yield doc

    def _ready(self) -> Extractor:
        # Made at the first document: a pipeline is loaded before `from_disk` brings the speakers along.
        if self._extractor is None:
            from quotes.extractor import Extractor

            settings: dict[str, Any] = {"include_unattributed": self.include_unattributed}
            if self._registry is None:
                self._extractor = Extractor(self.model, speakers=self._path, **settings)
            else:
                with TemporaryDirectory() as folder:
                    path = Path(folder) / _SPEAKERS
                    path.write_text(self._registry, encoding="utf-8")
                    self._extractor = Extractor(self.model, speakers=path, **settings)
        return self._extractor

    def _speakers(self) -> str:
        if self._registry is not None:
            return self._registry
        return self._path.read_text(encoding="utf-8") if self._path else ""

    def _restore(self, speakers: str) -> None:
        self._registry = speakers or None
        self._path = None
        self._extractor = None

    def to_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> None:
        """Write the user's speakers beside the pipeline, so that it works on another machine."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / _SPEAKERS).write_text(self._speakers(), encoding="utf-8")

    def from_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> QuotesComponent:
        """Take up what `to_disk` wrote."""
        self._restore((Path(path) / _SPEAKERS).read_text(encoding="utf-8"))
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The user's speakers as bytes."""
        return self._speakers().encode()

    def from_bytes(self, content: bytes, *, exclude: Iterable[str] = ()) -> QuotesComponent:
        """Take up what `to_bytes` gave."""
        self._restore(content.decode())
        return self


@Language.factory(
    "quotes",
    default_config={"model": None, "speakers": None, "include_unattributed": False},
    assigns=["doc._.quotations"],
)
def make_component(
    nlp: Language,
    name: str,
    model: str | None,
    speakers: str | None,
    include_unattributed: bool,
) -> QuotesComponent:
    """The factory behind `nlp.add_pipe("quotes", config={...})`; the settings are those of `Extractor`."""
    return QuotesComponent(model, speakers, include_unattributed)
