"""The lesson's other claims as experiments, one module each.

Every module has ``jobs(quick, kept)``: independent calls, each of which returns rows.
``python -m lessonlib.exams.experiments NAME`` runs them and stores the rows beside the matrix.
"""

NAMES = (
    "fine_tuning",
    "surprises",
    "builder_bias",
    "feature_grid",
    "signal_density",
    "instructions",
    "real_english",
    "harder_world",
)
"""Modules of this package."""
