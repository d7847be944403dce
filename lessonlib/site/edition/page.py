"""What JupyterLite's own pages say of the course, and of what is loading."""

import json
import re
from html import escape
from pathlib import Path
from string import Template

from lessonlib.site.edition.piplite.piplite import CHANNEL
from lessonlib.words import Words

WORDS = Words("edition")
APPS = ("lab", "notebooks")
START = "notebooks/00_start_here.ipynb"
ICON = "icon-120x120.png"
LEAST_WIDTH = 1000  # pixels; below, a page opens without the list of files
PATIENCE = 90  # seconds until a page says that Python has not come yet
_NAMES = ("slow", "server", "forgets", "forbidden", "interrupt", "close")
_TITLE = re.compile(r"<title>.*?</title>")
_DESCRIPTION = re.compile(r'(?<=<meta name="Description" content=")[^"]*')
_SCRIPT = re.compile(r'<script type="module">.*?</script>', re.DOTALL)
# A page that is open alone asks the list of files, an app of its own, to open another page.
_TREE = """<!DOCTYPE html>
<meta charset="utf-8">
<script>location.replace("../lab/index.html" + location.search);</script>
"""


def name_pages(edition: Path, megabytes: int) -> None:
    """Give the pages the course's name, and let them say once what is loading, and how large it is.

    They say, too, where a browser keeps nothing, and how a cell is ended that does not end itself.
    Who opens the edition's own folder is led to the course's first page.
    """
    head = f'<title>{escape(WORDS("title"))}</title>\n    <link rel="icon" href="../{ICON}">'
    notice = _notice(megabytes)
    for app in APPS:
        page = edition / app / "index.html"
        text = _TITLE.sub(head, page.read_text("utf-8"), count=1)
        text = _DESCRIPTION.sub(escape(WORDS("description")), text, count=1)
        page.write_text(text.replace("</body>", f"{notice}</body>"), "utf-8")
    (edition / "tree").mkdir()
    (edition / "tree" / "index.html").write_text(_TREE, "utf-8")
    top = edition / "index.html"
    lead = f'<meta http-equiv="refresh" content="0; url=lab/index.html?path={START}">'
    top.write_text(_SCRIPT.sub(lead, top.read_text("utf-8"), count=1), "utf-8")
    manifest = edition / "manifest.webmanifest"
    about = json.loads(manifest.read_text("utf-8"))
    about |= {"name": WORDS("title"), "short_name": WORDS("title")}
    about |= {"description": WORDS("description"), "shortcuts": []}
    manifest.write_text(json.dumps(about, indent=1), "utf-8")


def _notice(megabytes: int) -> str:
    template = Path(__file__).with_name("notice.html").read_text("utf-8")
    says = {name: WORDS(name) for name in _NAMES}
    says["loading"] = WORDS("loading", megabytes=megabytes)
    slots = {name: escape(text) for name, text in says.items()}
    slots |= {"channel": CHANNEL, "start": START}
    slots |= {"least_width": LEAST_WIDTH, "patience": 1000 * PATIENCE}
    return Template(template).substitute(slots)
