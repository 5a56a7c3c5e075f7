"""Review in Label Studio: records become tasks with pre-annotations, finished reviews become gold.

    records → tasks → push ─→ Label Studio ─→ pull → exports → regions → results → reviews → gold

This package rests on records and formats and never calls the parser. `label_config.xml` is the labelling
interface; `guidelines.md` says what each mark of a reviewer means, and `results.py` reads it that way.
"""
