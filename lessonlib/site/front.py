"""The front page: in one screen what the course is, with strips that move, and the ways in."""

import re
from html import escape
from pathlib import Path

from lessonlib.practice.course import STEPS
from lessonlib.practice.terms import GLOSSARY
from lessonlib.site import plain, strips
from lessonlib.site.pages import edition_address
from lessonlib.words import Words

WORDS = Words("site")

# README's own line, as its readers type it.
_OPENS_THE_COURSE = re.compile(r"<!-- open the course -->\n```sh\n(.*)\n```")


def build(course: Path, out: Path, megabytes: int | None = None) -> None:
    """Write ``out/index.html``; it tells how much the browser edition loads, if that is known."""
    plain.write(out)
    (out / "index.html").write_text(_front(course, megabytes), "utf-8")


def _front(course: Path, megabytes: int | None) -> str:
    first = STEPS[0]
    links = {
        "read": "book/index.html",
        "run": edition_address(first),
        "slides": "slides/index.html",
        "glossary": f"book/{GLOSSARY.with_suffix('.html').as_posix()}",
    }
    notes = {"run": WORDS("front.size", megabytes=megabytes)} if megabytes else {}
    ways = "\n".join(_way(name, link, notes.get(name, "")) for name, link in links.items())
    install = _OPENS_THE_COURSE.search((course / "README.md").read_text("utf-8"))
    body = f"""<body>
<main class="front">
<div>
<h1>{WORDS("front.title")}</h1>
<p class="claim">{WORDS("front.claim")}</p>
<p>{WORDS("front.what")}</p>
<nav aria-label="{WORDS("front.ways")}">
<ul>
{ways}
</ul>
</nav>
<h2>{WORDS("front.install")}</h2>
<p>{WORDS("front.install_says")}</p>
<pre>{escape(install[1])}</pre>
<p>{WORDS("front.no_gpu")} {plain.dark_button()}</p>
</div>
<div>
<h2>{WORDS("front.try_it")}</h2>
{strips.placeholder("explore")}
</div>
</main>
</body>"""
    return plain.page(WORDS("front.title"), body, "")


def _way(name: str, link: str, note: str) -> str:
    says = f"{WORDS(f'front.{name}_says')} {note}".rstrip()
    return f'<li><a href="{link}">{WORDS(f"front.{name}")}</a><span>{says}</span></li>'
