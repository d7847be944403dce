"""Follow the links of a page in JupyterLab by clicking them, and say which lead nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, TimeoutError

from .notebook_page import NotebookPage

UNLISTED = "it is not in the list of files"

_CURRENT = "const panel = jupyterapp.shell.currentWidget;"

# Show a document and leave it without a kernel: links need none, and some twenty are opened.
_SHOW = """async path => {
    const panel = await jupyterapp.commands.execute(
        'docmanager:open', path.endsWith('.md') ? {path, factory: 'Markdown Preview'} : {path});
    jupyterapp.shell.activateById(panel.id);
    await panel.revealed;
    await panel.context.ready;
    for (const cell of panel.content.widgets ?? [])
        await cell.ready;
}"""

# A page that a click has opened draws its cells when the browser has time for it.
_DRAWN = f"""async () => {{ {_CURRENT}
    const late = new Promise(done => setTimeout(done, 20000));
    for (const cell of panel.content.widgets ?? [])
        await Promise.race([cell.ready, late]);
}}"""

# The page's own links, not those that JupyterLab puts beside each heading.
_LINKS = "a[href]:not(.jp-InternalAnchorLink)"
_NUMBER = f"""() => {{ {_CURRENT}
    document.querySelectorAll('[data-link]').forEach(link => {{ delete link.dataset.link; }});
    const links = [...panel.content.node.querySelectorAll('{_LINKS}')];
    links.forEach((link, number) => {{ link.dataset.link = number; }});
    return links.map(link => [link.textContent, link.getAttribute('href'),
        link.host !== location.host]);
}}"""

# What the next click makes JupyterLab do; a click that JupyterLab leaves to the browser does
# nothing, since that would open a tab that knows nothing of the course. A heading of the same page
# is the browser's.
_LISTEN = """() => {
    const {commands} = jupyterapp;
    window.lessonClick = null;
    const heard = (_, {id, args, result}) => {
        if (id === 'rendermime:handle-local-link')
            window.lessonClick = {...args, done: result.then(() => '', String)};
    };
    commands.commandExecuted.connect(heard);
    window.addEventListener('click', event => {
        commands.commandExecuted.disconnect(heard);
        const href = event.target.closest('a').getAttribute('href');
        if (href.startsWith('#'))
            window.lessonClick = {id: href};
        else
            event.preventDefault();
    }, {once: true});
}"""

# Where a click has led: nowhere, or to a document, which is then in front, drawn and reachable
# from the list of files too.
_ARRIVED = f"""async () => {{
    const click = window.lessonClick;
    if (!click) return 'JupyterLab does not open it';
    if (!click.path) return '';
    const failed = await click.done;
    if (failed) return failed;
    {_CURRENT}
    if (panel.context?.path !== click.path) return `opened ${{panel.context?.path}}`;
    await panel.revealed;
    await panel.context.ready;
    await panel.context.sessionContext?.ready;
    await panel.context.sessionContext?.shutdown();
    const names = click.path.split('/');
    for (const depth of names.keys()) {{
        const folder = await jupyterapp.serviceManager.contents.get(
            names.slice(0, depth).join('/'));
        if (!folder.content.some(({{name}}) => name === names[depth]))
            return '{UNLISTED}';
    }}
    return '';
}}"""

# Whether the heading that a link names stands in the window.
_IN_VIEW = f"""id => {{ {_CURRENT}
    const name = CSS.escape(decodeURIComponent(id.slice(1)));
    const heading = panel.content.node.querySelector(`[data-jupyter-id="${{name}}"], #${{name}}`);
    if (!heading) return false;
    const [{{top}}, window] = [heading, panel.content.node].map(
        node => node.getBoundingClientRect());
    return window.top - 5 <= top && top < window.bottom;
}}"""


@dataclass(frozen=True)
class Link:
    """A link as it stands in an open page.

    Parameters
    ----------
    page
        The path of the page.
    number
        Its place among the links of the page.
    text
        The words that are clicked.
    href
        Where it leads, as drawn.
    is_foreign
        Whether it leads out of the course, to another site.
    """

    page: str
    number: int
    text: str
    href: str
    is_foreign: bool


def show(page: Page, path: str) -> None:
    """Bring a document of the course to the front."""
    page.evaluate(_SHOW, path)


def links(page: Page) -> list[Link]:
    """Return the links of the document in front, from top to bottom."""
    page.evaluate(_DRAWN)
    NotebookPage(page).settle()
    path = page.evaluate("jupyterapp.shell.currentWidget.context.path")
    return [Link(path, number, *said) for number, said in enumerate(page.evaluate(_NUMBER))]


def follow(page: Page, link: Link, by_mouse: bool = False) -> str:
    """Click one of the links that were last asked for; return what is wrong with it, or ''."""
    place = page.locator(f"[data-link='{link.number}']")
    if by_mouse or link.href.startswith("#"):
        show(page, link.page)
    page.evaluate(_LISTEN)
    if by_mouse:
        place.click()
    else:
        place.evaluate("link => link.click()")
    if problem := page.evaluate(_ARRIVED):
        return problem
    if heading := page.evaluate("window.lessonClick.id"):
        try:
            page.wait_for_function(_IN_VIEW, arg=heading, timeout=3000)
        except TimeoutError:
            return f"the heading {heading} does not come into view"
    return ""
