"""The glossary: every term in a sentence; run as a program it writes ``notebooks/glossary.md``."""

import re
from html import escape
from pathlib import Path

from lessonlib import checks
from lessonlib.practice.page import Page, paragraph, with_table
from lessonlib.words import Words

WORDS = Words("practice")

GLOSSARY = Path("notebooks", "glossary.md")


def terms() -> dict[str, str]:
    """Read all terms with their sentences, in alphabetical order."""
    return dict(sorted(Words("terms").texts.values(), key=lambda row: row[0].casefold()))


def term(name: str) -> Page:
    """Explain one term, in any case, in one line; TypeError or ValueError if there is none."""
    names = {known.casefold(): known for known in terms()}
    wanted = name.casefold() if isinstance(name, str) else name
    known = names[checks.one_of(wanted, "term", names)]
    sentence = f"{known}: {terms()[known]}"
    return Page(paragraph(sentence), sentence)


def glossary() -> Page:
    """Explain every term of the course in a table, in alphabetical order."""
    headings = [WORDS("glossary.term"), WORDS("glossary.sentence")]
    return with_table(headings, [list(row) for row in terms().items()])


def anchor(name: str) -> str:
    """Return the part of a link that leads to a term, as GitHub makes it from a heading."""
    return re.sub(r"[^\w-]", "", name.casefold().replace(" ", "-"))


def as_markdown() -> str:
    """Write the whole glossary as a Markdown page with one heading per term."""
    # GitHub makes anchors of headings in lower case, JupyterLab as they are: so each has its own.
    entries = (
        f'<a id="{anchor(name)}"></a>\n\n## {name}\n\n{escape(sentence, quote=False)}\n'
        for name, sentence in terms().items()
    )
    head = f"# {WORDS('glossary.title')}\n\n{WORDS('glossary.intro')}\n"
    return "\n".join([head, *entries])


if __name__ == "__main__":
    GLOSSARY.write_text(as_markdown(), "utf-8", newline="\n")
