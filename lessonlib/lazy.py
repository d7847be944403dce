"""Names of a package that are loaded from their modules when they are first used."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def lazy(package: str, home_of: Mapping[str, str]) -> tuple[Callable, Callable]:
    """Return a package's ``__getattr__`` and ``__dir__`` for names by the modules they live in."""
    namespace = vars(sys.modules[package])

    def load(name: str) -> object:
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(f"{package}.{home_of[name]}")
        # All at once, as the import of a module may have taken the place of a name that is spelt
        # like it.
        for other, home in home_of.items():
            if home == home_of[name]:
                namespace[other] = getattr(module, other)
        return namespace[name]

    return load, lambda: sorted({*namespace, *home_of})
