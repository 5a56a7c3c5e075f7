"""The spaCy component: `nlp.add_pipe("quotes")` sets `doc._.quotations`.

It is a thin adapter over `Extractor` and parses with a pipeline of its own (`model`). So it works in any
English pipeline, even a blank one, and its results are those of the command line.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Doc

from quotes.settings import Carried, Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from quotes.extractor import Extractor
    from quotes.records import Quotation

_KEY = "quotes"
# A Doc always has its text, so `with_text` has no meaning here.
_CONFIG = {name: value for name, value in asdict(Settings()).items() if name != "with_text"}


def _quotations(doc: Doc) -> tuple[Quotation, ...]:
    from quotes.records import Quotation

    return tuple(Quotation.model_validate(item) for item in doc.user_data.get(_KEY, ()))


if not Doc.has_extension("quotations"):
    # Plain dictionaries in `user_data` survive `to_bytes` and so `nlp.pipe(n_process=2)`; models would not.
    Doc.set_extension("quotations", getter=_quotations)


class QuotesComponent:
    """Finds quotations. `doc._.quotations` is a tuple of `quotes.Quotation`, with offsets into `doc.text`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._saved: Carried[Settings] | None = None  # what `from_disk` or `from_bytes` read
        self._extractor: Extractor | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.quotations`. Raises `ModelError` or `DataError` at the first document."""
        [_] = self.pipe([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], batch_size: int = 128) -> Iterator[Doc]:
        """Process a stream of documents, `batch_size` at a time."""
        from quotes.records import Document

        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            documents = (Document(doc_id=str(i), text=doc.text) for i, doc in enumerate(batch))
            for doc, record in zip(batch, self._loaded().pipe(documents), strict=True):
                doc.user_data[_KEY] = [quotation.model_dump(mode="json") for quotation in record.quotations]
                yield doc

    def _loaded(self) -> Extractor:
        # Loaded at the first document: spaCy calls `from_disk` after it has made the component.
        if self._extractor is None:
            from quotes.extractor import Extractor

            if self._saved is None:
                self._extractor = Extractor(**asdict(self._settings))
            else:
                with TemporaryDirectory() as folder:
                    self._extractor = Extractor(**asdict(self._saved.restored(Path(folder))))
        return self._extractor

    def _carried(self) -> Carried[Settings]:
        return self._saved or Carried.of(self._settings)

    def _restore(self, saved: Carried[Settings]) -> QuotesComponent:
        self._saved, self._extractor = saved, None
        return self

    def to_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> None:
        """Save the user's speakers and tuned folder with the pipeline, so that it works elsewhere."""
        Path(path).mkdir(parents=True, exist_ok=True)
        self._carried().restored(Path(path))

    def from_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> QuotesComponent:
        """Load what `to_disk` saved."""
        return self._restore(Carried.read(self._settings, Path(path)))

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The user's speakers and tuned folder as bytes: a JSON object of texts by path."""
        return json.dumps({name: text.decode() for name, text in self._carried().files.items()}).encode()

    def from_bytes(self, content: bytes, *, exclude: Iterable[str] = ()) -> QuotesComponent:
        """Load what `to_bytes` returned."""
        files = {name: text.encode() for name, text in json.loads(content).items()}
        return self._restore(Carried(replace(self._settings, speakers=None, tuned=None), files))


@Language.factory("quotes", default_config=_CONFIG, assigns=["doc._.quotations"])
def make_component(
    nlp: Language,
    name: str,
    model: str | None,
    speakers: str | None,
    include_unattributed: bool,
    exhaustive: bool,
    indirect: bool,
    any_language: bool,
    tuned: str | None,
) -> QuotesComponent:
    """The factory behind `nlp.add_pipe("quotes", config={...})`.

    spaCy checks the configuration against this signature; the fields are those of `Settings`.
    """
    path = Path(speakers) if speakers else None
    return QuotesComponent(
        Settings(
            model,
            path,
            include_unattributed=include_unattributed,
            exhaustive=exhaustive,
            indirect=indirect,
            any_language=any_language,
            tuned=Path(tuned) if tuned else None,
        )
    )
