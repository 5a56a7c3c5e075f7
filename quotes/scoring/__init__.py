"""How good predictions are: records compared with gold records.

The order of the steps: `gold.py` reads, `pairing.py` pairs documents, `matching.py` aligns their quotations
(`items.py`), `judging.py` says what is right, `measures.py` counts, `scores.py` sums up with intervals.
Further results are `calibration.py`, `compare.py`, `agreement.py` and `corrections.py`. `findings.py` runs
all of it, and `report/` shows it. `tracking.py` keeps floors and history.

numpy, scipy, jinja2 and matplotlib are the extra `score`: each is imported where it is used.
"""
