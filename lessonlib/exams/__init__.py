"""One way to examine models, whatever they read.

A *candidate* is a model under exam: it has ways to answer, each *native* (it practised this) or a
*work-around*. A *recipe* says what a model practises and which candidate it becomes. A *paper* is
one ability as it is examined; what it asks are *items*. A *subject* is a set of recipes and papers
about the same material: `sentences`, or `scenes` (pictures with captions). A *plan* says how much
of a subject is examined; an *experiment* is one file that gives rows, most of them by a plan.
Rows of all experiments are stored, summed up and compared in `results`.
"""
