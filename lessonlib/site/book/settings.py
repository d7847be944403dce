"""How Sphinx makes the book."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from lessonlib.site import plain
from lessonlib.site.pages import WORDS

LOOK = Path(str(files("lessonlib.site.book"))) / "look"


def settings() -> dict[str, Any]:
    """Return Sphinx's settings: nothing runs, and nothing comes from elsewhere."""
    return {
        "project": WORDS("course"),
        "html_title": WORDS("course"),
        "language": "en",
        "extensions": ["myst_nb", "lessonlib.site.book.extension"],
        "nb_execution_mode": "off",
        "myst_enable_extensions": ["dollarmath"],
        "myst_heading_anchors": 4,
        "myst_heading_slug_func": "lessonlib.practice.terms.anchor",
        "html_math_renderer": "mathml",
        "html_theme": "sphinx_book_theme",
        "html_theme_options": _THEME,
        "html_sidebars": {"**": ["front.html", "search-button-field.html", "sbt-sidebar-nav.html"]},
        "html_static_path": [str(LOOK / "static")],
        "templates_path": [str(LOOK / "templates")],
        "html_css_files": ["book.css"],
        "html_js_files": ["book.js"],
        "html_favicon": str(plain.HERE / "icon.svg"),
        "html_context": {"default_mode": "auto"},
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_sphinx": False,
        "html_use_index": False,
    }


_THEME = {
    "home_page_in_toc": True,
    "footer_content_items": [],
    "navbar_persistent": [],
    "use_download_button": False,
    "use_fullscreen_button": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
