"""From a folder of submissions to grades that a submission cannot fool.

- ``intake``: whose file is it, and what is in it; answers are put into the course's own notebook
- ``confined``: the sandbox, its kernels, and how they are watched
- ``verdicts``: fresh inputs, nbval's comparison, and what is said of it
- ``books``: the journal, marks of a person, flags, gradebooks and reports
- ``runs``: one run, on one machine or many; ``plugin``: the same from within pytest
- ``by_hand``: marking in a browser, saved at once
- ``classroom``: what the class as a whole thinks, and where it stumbles
- ``paper``: texts and tables that are safe to read and to write
"""
