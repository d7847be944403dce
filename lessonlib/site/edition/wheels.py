"""Wheels made of what is installed here, so that a build asks no package index."""

import hashlib
import shutil
import tomllib
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.metadata import distribution
from pathlib import Path, PurePath
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lessonlib.grading.bundle import KEPT_BACK

_EPOCH = (1980, 1, 1, 0, 0, 0)  # so that the same files give the same wheel
_TAG = "py3-none-any"
_ABOUT = f"Wheel-Version: 1.0\nGenerator: lessonlib\nRoot-Is-Purelib: true\nTag: {_TAG}\n"
_LEFT_OUT = ("__pycache__", "nbextension", "tests", "..")
_COMPILED = (".so", ".pyd")
_SLOWER_IN_PYTHON = ("psygnal", "wcwidth")  # compiled, with the same in Python beside it
_OF_THIS_MACHINE = ("INSTALLER", "RECORD", "REQUESTED", "WHEEL", "direct_url.json")
_NOT_IN_A_PAGE = tuple(f"lessonlib/{room}/*" for room in ("authoring", "server", "site"))


KERNEL = "jupyterlite-pyodide-kernel"
_KERNELS_OWN = {"ipykernel": (), "pyodide_kernel": ("comm", "ipykernel", "ipython", "piplite")}
_PAGE = {"sys_platform": "emscripten", "platform_system": "Emscripten", "extra": ""}
_UNUSED_THERE = {"jedi", "jupyterlab-widgets", "psutil", "widgetsnbextension"}


class CompiledError(ValueError):
    """A package cannot be packed for the page, since its Python is not all there is to it."""


@dataclass(frozen=True)
class Wheel:
    """One package as a file, with the packages that it needs in the page."""

    name: str
    version: str
    file: Path
    depends: tuple[str, ...]

    def row(self) -> dict[str, Any]:
        """Return what a lock file says of it."""
        with zipfile.ZipFile(self.file) as wheel:
            tops = {name.partition("/")[0] for name in wheel.namelist() if name.endswith(".py")}
        return {
            "name": self.name,
            "version": self.version,
            "file_name": self.file.name,
            "sha256": hashlib.sha256(self.file.read_bytes()).hexdigest(),
            "imports": sorted(top.removesuffix(".py") for top in tops),
            "depends": list(self.depends),
            "install_dir": "site",
            "package_type": "package",
        }


def repacked(name: str, folder: Path) -> Wheel:
    """Pack an installed package again; CompiledError if it does nothing without what is compiled.

    PackageNotFoundError if it is not installed here.
    """
    found = distribution(name)
    if any(path.suffix in _COMPILED for path in found.files) and name not in _SLOWER_IN_PYTHON:
        raise CompiledError(name)
    files = {path.as_posix(): path.read_binary() for path in found.files if _belongs(path)}
    return packed(name, found.version, files, folder, needed_by(found.requires or ()))


def of_the_course(course: Path, folder: Path) -> Wheel:
    """Pack the course's own package, without what only teachers and servers run."""
    left_out = (*KEPT_BACK, *_NOT_IN_A_PAGE)
    project = tomllib.loads((course / "pyproject.toml").read_text("utf-8"))["project"]
    files = {
        place: data
        for place, data in _files(course / "lessonlib", "lessonlib").items()
        if not any(fnmatch(place, pattern) for pattern in left_out)
    }
    depends = needed_by(project["dependencies"])
    return packed(project["name"], project["version"], files, folder, depends)


def of_the_kernel(folder: Path) -> list[Wheel]:
    """Copy the wheels that the kernel brings along, and pack what takes its installer's place."""
    files = _files(Path(__file__).with_name("piplite"), "piplite")
    found = [packed("piplite", "0", files, folder, ("lessonlib",))]
    for path in distribution(KERNEL).files:
        name, _, rest = path.name.partition("-")
        if path.suffix == ".whl" and name in _KERNELS_OWN and "labextensions" in path.parts:
            file, version = Path(shutil.copy(path.locate(), folder)), rest.partition("-")[0]
            found.append(Wheel(canonicalize_name(name), version, file, _KERNELS_OWN[name]))
    return found


def needed_by(requirements: Iterable[str]) -> tuple[str, ...]:
    """Name the packages that are needed in a page, of those that a package asks for."""
    parsed = map(Requirement, requirements)
    names = {
        canonicalize_name(each.name)
        for each in parsed
        if not each.marker or each.marker.evaluate(_PAGE)
    }
    return tuple(sorted(names - _UNUSED_THERE))


def packed(
    name: str, version: str, files: Mapping[str, bytes], folder: Path, depends: tuple[str, ...]
) -> Wheel:
    """Write a wheel of pure Python from the content of its files, by their paths."""
    stem = f"{name.replace('-', '_')}-{version}"
    about = f"{stem}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    content = {f"{about}/METADATA": metadata.encode(), **files, f"{about}/WHEEL": _ABOUT.encode()}
    record = [f"{path},sha256={_digest(data)},{len(data)}\n" for path, data in content.items()]
    content[f"{about}/RECORD"] = "".join([*record, f"{about}/RECORD,,\n"]).encode()
    file = folder / f"{stem}-{_TAG}.whl"
    with zipfile.ZipFile(file, "w", compresslevel=9) as wheel:
        for path, data in content.items():
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.external_attr = 0o644 << 16
            wheel.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return Wheel(name, version, file, depends)


def _files(folder: Path, name: str) -> dict[str, bytes]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and _belongs(path))
    return {f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in paths}


def _belongs(path: PurePath) -> bool:
    unwanted = path.suffix in _COMPILED or any(part in _LEFT_OUT for part in path.parts)
    return not unwanted and path.name not in _OF_THIS_MACHINE


def _digest(data: bytes) -> str:
    return urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
