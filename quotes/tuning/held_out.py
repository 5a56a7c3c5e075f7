"""Reviewed articles in folds: each is extracted with what was fitted on the other folds, and scored.

Of an article that was reviewed in part, what was judged counts, for recall, too: the two results that are
compared are asked about the same quotations. Since reviewers judged what was predicted, that favours the
extractor as it is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quotes.errors import ScoringError
from quotes.records import Document, DocumentRecord, Metadata
from quotes.running import ExtractorFactory, extract_all
from quotes.scoring.items import Judged, judged_of
from quotes.scoring.pairing import pair_documents
from quotes.scoring.scores import Scores, require, score
from quotes.tuned import ABOUT, About

#: The contents of a tuned folder, by the names of its files.
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An article and its gold. `record` has names of people; gold of a corpus may have none."""

    document: Document
    gold: Judged
    record: DocumentRecord | None = None

    @classmethod
    def of(cls, document: Document, record: DocumentRecord) -> Reviewed:
        """From a record of gold and its text. Raises ReadError if the two don't fit."""
        record = record.model_copy(update={"text": document.text})
        if document.metadata == Metadata():  # a date says who held an office
            document = document.model_copy(update={"metadata": record.metadata})
        return cls(document, judged_of(record, "the gold"), record)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Reviewed articles, and the fold of each.

    `settings` are those of the extractor that is tuned, `about` is what the folders of the folds say, and
    `progress` is called with the number of articles that were extracted.
    """

    articles: tuple[Reviewed, ...]
    fold: tuple[int, ...]
    settings: ExtractorFactory
    about: About
    jobs: int = 1
    progress: Callable[[int], None] = lambda _: None

    @classmethod
    def of(
        cls,
        articles: Sequence[Reviewed],
        settings: ExtractorFactory,
        about: About,
        *,
        jobs: int = 1,
        progress: Callable[[int], None] = lambda _: None,
    ) -> HeldOut:
        """Deal the articles into folds by the seed. Raises ScoringError if there are fewer than folds."""
        require("numpy", "scipy")
        import numpy as np

        if len(articles) < about.folds:
            raise ScoringError(
                f"{len(articles)} reviewed documents can't be parted into {about.folds}. Review more, or "
                "choose a smaller number for --folds."
            )
        order = np.random.default_rng(about.seed).permutation(len(articles))
        fold = tuple(int(place) % about.folds for place in order)
        return cls(tuple(articles), fold, settings, about, jobs, progress)

    @property
    def folds(self) -> range:
        """The numbers of the folds."""
        return range(self.about.folds)

    def without(self, fold: int | None) -> list[int]:
        """The numbers of the articles outside a fold; of all articles for None."""
        return [number for number, mine in enumerate(self.fold) if mine != fold]

    def extract(self, files: Sequence[Files]) -> list[DocumentRecord]:
        """The records of all articles, each extracted with the files of its own fold. Raises QuotesError."""
        found: dict[int, DocumentRecord] = {}
        alike = all(each == files[0] for each in files)
        for fold in (None,) if alike else self.folds:
            numbers = [n for n, mine in enumerate(self.fold) if fold in (None, mine)]
            with tempfile.TemporaryDirectory() as folder:
                settings = self._settings(files[fold or 0], Path(folder))
                documents = [self.articles[number].document for number in numbers]
                records = extract_all(documents, settings, jobs=self.jobs)
                for number, record in zip(numbers, records, strict=True):
                    found[number] = record
                    self.progress(1)
        return [found[number] for number in range(len(self.articles))]

    def _settings(self, files: Files, folder: Path) -> ExtractorFactory:
        if not files:
            return self.settings
        for name, content in {**files, ABOUT: self.about.model_dump_json().encode()}.items():
            (folder / name).write_bytes(content)
        return replace(self.settings, tuned=folder)

    def score(self, records: Sequence[DocumentRecord]) -> Scores:
        """Score records of the articles, in their order."""
        # Numbers for names: two articles may have one text, and must not change places.
        predicted = [
            replace(judged_of(record, "the predictions"), doc_id=f"{number:09}")
            for number, record in enumerate(records)
        ]
        gold = [replace(one.gold, doc_id=f"{number:09}") for number, one in enumerate(self.articles)]
        both = pair_documents(predicted, gold).both
        return score([one.predicted for one in both], [replace(one.gold, partial=False) for one in both])


def records_of(articles: Sequence[Reviewed], numbers: Sequence[int]) -> Iterator[DocumentRecord]:
    """The gold records of some articles."""
    for number in numbers:
        if (record := articles[number].record) is not None:
            yield record
