"""`quotes tune`: what a newsroom's corrections can fit, measured on articles that it was not fitted on.

`held_out.py` extracts and scores; `people.py`, `cues.py` and `confidence.py` fit a part each; `fitting.py`
tries one part after the other, and keeps those that are better; `folder.py` writes them. `quotes.tuned` reads
the folder again.

scipy is in the extra `score`.
"""
