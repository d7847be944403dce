"""What JupyterLite brings along and no page of the course ever asks for."""

import shutil
from pathlib import Path

_OLD_FONTS = (".eot", ".svg", ".ttf", ".woff")  # for browsers that could not run Python anyway
_NEVER_ASKED_FOR = (
    *("doc", "package.json", "rspack.config*.js", "*/build", "*/package.json"),
    "extensions/@jupyterlite/*/static/pypi",  # the lock file names what is needed of these
    "extensions/@jupyterlite/*/static/schema",
    "lab/favicon.ico",  # a third of a megabyte
)


def prune(edition: Path) -> None:
    """Delete old forms of fonts that are there in the new one, and files for developers."""
    for font in edition.glob("build/*.woff2"):
        for ending in _OLD_FONTS:
            font.with_suffix(ending).unlink(missing_ok=True)
    for pattern in _NEVER_ASKED_FOR:
        for path in edition.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
