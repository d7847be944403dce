"""Answers that learners could give: right ones in many styles, wrong ones with their causes.

Every module here puts its own into the catalogue.
"""

from importlib import import_module
from pkgutil import iter_modules

from tests.practice.answers.catalogue import RIGHT, WRONG

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")

__all__ = ["RIGHT", "WRONG"]
