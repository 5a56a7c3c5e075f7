"""How good predictions are: records against gold records, and what follows from that.

The way through this folder: `gold.py` reads, `pairing.py` puts documents side by side, `matching.py` aligns
their quotations, `judging.py` says what is right, `measures.py` counts, and the rest makes something of the
counts: intervals, slices, calibration, comparisons, agreement, the report.

numpy, scipy, jinja2 and matplotlib are the extra `score`: each is imported where it is used.
"""
