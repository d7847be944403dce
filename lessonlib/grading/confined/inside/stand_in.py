"""Beside a learner's code: imports of what is not here, which may never be used."""


def stand_in(names: list[str]) -> None:
    """Let imports of these modules succeed where they are not there, with something of no use.

    It can be asked for anything and called, and it leaves a function that it decorates as it is.
    """
    import sys
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    class Absent(ModuleType):
        def __init__(self, name: str = "absent", *_: object) -> None:
            super().__init__(name)

        def __getattr__(self, name: str) -> object:
            return any_name(name)

        def __call__(self, *given: object, **named: object) -> object:
            is_decorator = len(given) == 1 and not named and callable(given[0])
            return given[0] if is_decorator and not isinstance(given[0], Absent) else self

        def __getitem__(self, key: object) -> object:
            return self

        def __iter__(self) -> object:
            return iter(())

        def __bool__(self) -> bool:
            return False

        def __enter__(self) -> object:
            return self

        def __exit__(self, *problem: object) -> None:
            return None

        def __mro_entries__(self, bases: object) -> tuple:
            return ()

    def is_quiet(spec: object) -> bool:
        """Tell whether the course's own stand-in is there, which refuses most names."""
        return type(getattr(spec, "loader", None)).__name__ == "Rooms"

    def any_name(name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(name)

    class Finder:
        def find_spec(self, name: str, path: object = None, target: object = None) -> object:
            if name.partition(".")[0] not in names:
                return None
            for finder in [each for each in sys.meta_path if each is not self]:
                try:
                    spec = finder.find_spec(name, path, target)
                    if spec and not is_quiet(spec):
                        return spec
                except ImportError:
                    pass
            return ModuleSpec(name, self, is_package=True)

        def create_module(self, spec: ModuleSpec) -> ModuleType:
            return Absent(spec.name)

        def exec_module(self, module: ModuleType) -> None:
            pass

    sys.meta_path.insert(0, Finder())
    for name, module in [*sys.modules.items()]:
        if name.partition(".")[0] in names and is_quiet(getattr(module, "__spec__", None)):
            module.__getattr__ = any_name
