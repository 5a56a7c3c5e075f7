"""The same statement in many articles: group quotations that are variants of one utterance.

>>> from quotes.formats.record_files import read_any_records
>>> for utterance in find_utterances(read_any_records(path)):  # doctest: +SKIP
...     print(utterance.text, [version.change for version in utterance.versions])
"""

from quotes.variants.utterances import Place, Utterance, Version, find_utterances, utterance_ids

__all__ = ["Place", "Utterance", "Version", "find_utterances", "utterance_ids"]
