"""The coding questions of all exercises, by name, in the order of the course.

They stand in the modules of this folder; ``course.toml`` says which exercise asks for which.
"""

from importlib import import_module
from pkgutil import iter_modules

from lessonlib.practice.question import Question
from lessonlib.practice.question import cases as cases
from lessonlib.words import Words

_MODULES = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
_KNOWN = {q.name: q for each in _MODULES for q in vars(each).values() if isinstance(q, Question)}
QUESTIONS = {
    name: _KNOWN[name]
    for step in Words("course").texts.values()
    for name in step.get("_checks", ())
}
