"""Faults planted on purpose: does some test see each of them?

Every file ``NN_name.patch`` is one fault, a unified diff of one hunk with two lines above it::

    What goes wrong, in a sentence.
    Caught by: tests/samples tests/batches/test_golden.py

``python -m tests.faults`` plants each in a copy of the course and runs the tests named there; a
test must fail. It begins with the file that saw the fault last time, so a second run is short.
`--all` runs the whole quick suite instead. ``results.json`` holds what came out.
"""
