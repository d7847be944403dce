"""The book: the stored notebooks and exercises as pages to read and to search, made by Sphinx."""

import shutil
import tempfile
from io import StringIO
from pathlib import Path

from lessonlib.site import plain
from lessonlib.site.book.settings import settings
from lessonlib.site.book.sources import write_sources

FOLDER = "book"


def build(course: Path, out: Path) -> None:
    """Make the book of a course in ``out/book``, in the place of an earlier one.

    RuntimeError with Sphinx's own words if it had to warn of anything.
    """
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    plain.write(out)
    said = StringIO()
    with tempfile.TemporaryDirectory() as scratch:
        text, trees, made = (Path(scratch, name) for name in ("text", "trees", "made"))
        write_sources(course, text)
        with patch_docutils(), docutils_namespace():
            sphinx = Sphinx(text, None, made, trees, "html", settings(), status=None, warning=said)
            sphinx.build(force_all=True)
        if said.getvalue():
            raise RuntimeError(said.getvalue())
        shutil.rmtree(out / FOLDER, ignore_errors=True)
        shutil.copytree(made, out / FOLDER, ignore=shutil.ignore_patterns(*_NOT_FOR_READERS))


_NOT_FOR_READERS = (".buildinfo", ".doctrees", "*.map", "*.LICENSE.txt", "objects.inv")
