"""Records out to Label Studio as tasks, and back as gold: nothing lost, nothing shifted on the way.

    predictions → texts → tasks ─→ Label Studio ─→ exports → regions → results → reviews → gold

This room knows records, never the parser. The labelling interface is `label_config.xml`; what each mark of a
reviewer means is written in `guidelines.md` and read by `results.py`.
"""
