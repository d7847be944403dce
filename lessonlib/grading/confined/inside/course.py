"""Inside the sandbox: the course's package as far as it is there, and a clear word where it is not.

What is not there is no file: this only says so. What shows or keeps something on a page does
nothing, so that a learner's stray call does no harm.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


class NotThereError(ImportError):
    """The learner asks for what would answer the question."""


class Quiet:
    """Stands for what does nothing here, whatever is done with it."""

    def __call__(self, *args: object, **kwargs: object) -> "Quiet":
        """Come to nothing."""
        return self

    def __getattr__(self, name: str) -> "Quiet":
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __enter__(self) -> "Quiet":
        return self

    def __exit__(self, *raised: object) -> None:
        return None

    def __repr__(self) -> str:
        return ""


class Rooms:
    """Finds and makes the course's modules that are no files here."""

    def __init__(self, folder: str, quiet: Mapping[str, Sequence[str]], says: str) -> None:
        self.folder, self.quiet, self.says = folder, quiet, says

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """Leave to Python what is there; refuse what is not."""
        above, *inner = name.split(".")
        place = os.path.join(self.folder, *inner)
        files = (f"{place}.py", os.path.join(place, "__init__.py"))
        if above != "lessonlib" or any(map(os.path.isfile, files)):
            return None
        if inner[0] not in self.quiet and not os.path.isdir(place):
            raise self._refusal(name)
        spec = ModuleSpec(name, self, is_package=True)
        spec.submodule_search_locations = [place]
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """Let Python make it."""

    def exec_module(self, module: ModuleType) -> None:
        """Give it its quiet names, and the word on all others."""
        names = self.quiet.get(module.__name__.split(".")[1], ())

        def look_up(name: str) -> Quiet:
            if name in names:
                return Quiet()
            if name.startswith("__"):
                raise AttributeError(name)
            raise self._refusal(f"{module.__name__}.{name}")

        module.__getattr__ = look_up

    def _refusal(self, name: str) -> NotThereError:
        return NotThereError(self.says.format(name=name), name=name)


def course(folder: str, quiet: Mapping[str, Sequence[str]], says: str) -> None:
    """Have Python ask here first."""
    sys.meta_path.insert(0, Rooms(folder, quiet, says))
