"""One open notebook in JupyterLab, driven as a learner would drive it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from lessonlib.views.tables import WORDS

from .lab import JupyterLab, running_lab

PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
SLIDER_HANDLE = f"{PANEL} .jp-OutputArea .noUi-handle:not([aria-disabled=true])"
STRIP = f"{PANEL} .jp-OutputArea .lesson-strip"
WINDOW = {"width": 1280, "height": 900}
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}

_WAIT = 60_000  # milliseconds; a limit against hanging, not a measurement
_LONGEST_RUN = 600_000

_CURRENT = "const panel = jupyterapp.shell.currentWidget;"

_READY = """
    await panel.context.ready;
    await panel.sessionContext.ready;
    while (!panel.sessionContext.session?.kernel)
        await new Promise(done => setTimeout(done, 20));
    await panel.sessionContext.session.kernel.info;
"""
_FIRST_IS_READY = f"async () => {{ {_CURRENT} {_READY} }}"
_OPEN = f"""async path => {{
    const panel = await jupyterapp.commands.execute('docmanager:open', {{path}});
    {_READY}
    await jupyterapp.restored;  // or the page of the first line comes to the front later
    jupyterapp.shell.activateById(panel.id);
}}"""

# Without the question whether to save, and without waiting for the kernel to say goodbye.
_CLOSE = f"""async () => {{ {_CURRENT}
    await panel.sessionContext.shutdown();
    panel.context.model.dirty = false;
    panel.dispose();
}}"""

# Resolves when the kernel has answered what it was sent before, and then for a moment nothing has
# changed on the page, and its images and fonts are there. A kernel that is gone is not waited for.
_SETTLE = f"""async () => {{ {_CURRENT}
    const quiet = 300, limit = 40000, started = performance.now();
    let last = started;
    const observer = new MutationObserver(() => {{ last = performance.now(); }});
    observer.observe(panel.node, {{subtree: true, childList: true, characterData: true}});
    const pause = time => new Promise(done => setTimeout(done, time));
    const loading = () => [...panel.node.querySelectorAll('.jp-OutputArea img')].some(
        image => !image.complete) || panel.node.innerText.includes('Loading widget...');
    await pause(20);  // what was done to the page reaches the kernel first
    for (let trip = 0; trip < 2; trip++) {{  // widgets hold a second change back until then
        const kernel = panel.sessionContext?.session?.kernel;
        if (kernel?.connectionStatus === 'connected')
            await Promise.race([kernel.requestKernelInfo().catch(() => null), pause(limit)]);
    }}
    last = Math.max(last, performance.now());
    while (performance.now() - started < limit
           && (performance.now() - last < quiet || loading()))
        await pause(20);
    observer.disconnect();
    await document.fonts.ready;
}}"""

_RUN_ALL = f"""async () => {{ {_CURRENT}
    const started = performance.now();
    const tooLong = new Promise((_, reject) => setTimeout(
        () => reject(new Error('the cells did not finish in time')), {_LONGEST_RUN}));
    await Promise.race([jupyterapp.commands.execute('notebook:run-all-cells'), tooLong]);
    return (performance.now() - started) / 1000;
}}"""

_RUN_IN_KERNEL = f"""async code => {{ {_CURRENT}
    await panel.sessionContext.session.kernel.requestExecute({{code}}).done;
}}"""

# Widgets that JupyterLab gave up: in the place of each, one sentence and nothing else.
GIVEN_UP = "Error displaying widget: model not found"
HELPER_SAYS = WORDS.texts["helper"]["again"]
_GIVEN_UP = f"""sentences => {{ {_CURRENT}
    return [...panel.node.querySelectorAll('.jp-OutputArea-output.jupyter-widgets')].some(
        place => sentences.includes(place.textContent));
}}"""

_ERRORS = f"""() => {{ {_CURRENT}
    return [...panel.content.model.cells].flatMap((cell, index) =>
        (cell.toJSON().outputs ?? []).flatMap(output =>
            output.output_type === 'error'
                ? [`cell ${{index}}: ${{output.ename}}: ${{output.evalue}}`]
            : output.output_type === 'stream' && output.name === 'stderr'
                ? [`cell ${{index}}: stderr: ${{[output.text].flat().join('')}}`]
            : []));
}}"""

_AXE = f"""async () => {{ {_CURRENT}
    const include = [...panel.node.querySelectorAll('.jp-OutputArea')];
    if (!include.length) return [];
    const found = await axe.run({{include}}, {{resultTypes: ['violations']}});
    return found.violations.flatMap(rule => rule.nodes.map(node =>
        `${{rule.id}} (${{rule.impact}}): ${{node.html.slice(0, 200)}} ${{node.failureSummary}}`));
}}"""

# The name of everything that counts as a picture, as a screen reader would find it.
# JupyterLab calls a picture without alt text "Image"; that is no name.
_PICTURES = f"""() => {{ {_CURRENT}
    const named = node => node.getAttribute('alt')?.replace(/^Image$/, '')
        ?? node.getAttribute('aria-label')
        ?? document.getElementById(node.getAttribute('aria-labelledby'))?.textContent ?? '';
    const hidden = node => node.closest('[aria-hidden=true], [role=presentation], [hidden]')
        || (node.tagName !== 'IMG' && node.parentElement.closest('svg, [role=img]'));
    return [...panel.node.querySelectorAll(
            '.jp-OutputArea :is(img, svg, canvas, [role=img]), .jp-RenderedMarkdown img')]
        .filter(node => !hidden(node) && !node.closest('button, .jp-OutputPrompt'))
        .map(named);
}}"""

# What sliders redraw, as one text.
_DRAWN = ".jp-OutputArea :is(.widget-html-content, .lesson-strip)"
_DRAWINGS = f"""() => {{ {_CURRENT}
    return [...panel.node.querySelectorAll('{_DRAWN}')].map(node => node.innerHTML).join();
}}"""

# Start to note the times between a key press and the first change that follows in what the sliders
# draw; both are seen from inside the page.
_WATCH_DRAWINGS = f"""() => {{ {_CURRENT}
    const times = [];
    let pressed = null;
    const press = () => {{ pressed = performance.now(); }};
    const observer = new MutationObserver(() => {{
        if (pressed !== null) times.push(performance.now() - pressed);
        pressed = null;
    }});
    panel.node.addEventListener('keydown', press, true);
    for (const drawing of panel.node.querySelectorAll('{_DRAWN}'))
        observer.observe(drawing, {{subtree: true, childList: true, characterData: true}});
    window.lessonTimes = {{times, stop() {{
        panel.node.removeEventListener('keydown', press, true);
        observer.disconnect();
        return times;
    }}}};
}}"""

SHOW_ME = f"{PANEL} .jp-OutputArea button:text-is('Show me')"
_OPEN_FOLDED = f"""() => {{ {_CURRENT}
    panel.node.querySelectorAll('.jp-OutputArea details').forEach(one => {{ one.open = true; }});
}}"""

_KERNEL_ROUND_TRIPS = f"""async count => {{ {_CURRENT}
    const kernel = panel.sessionContext.session.kernel, times = [];
    for (let trip = 0; trip < count; trip++) {{
        const started = performance.now();
        await kernel.requestKernelInfo();
        times.push(performance.now() - started);
    }}
    return times;
}}"""

_SERVER_ROUND_TRIPS = """async count => {
    const times = [];
    for (let trip = 0; trip < count; trip++) {
        const started = performance.now();
        await (await fetch(`/api/status?trip=${trip}`)).text();
        times.push(performance.now() - started);
    }
    return times;
}"""

# Number the places in the widgets where the Tab key should stop, and return how many there are.
# A group of radio buttons is one stop: the chosen one, or the first.
_NUMBER_STOPS = f"""() => {{ {_CURRENT}
    const controls = [...panel.node.querySelectorAll('.jp-OutputArea .jupyter-widgets :is('
        + 'input, select, textarea, button, a[href], [tabindex="0"], [contenteditable=true])')]
        .filter(node => !node.disabled && node.offsetParent !== null
            && node.getAttribute('tabindex') !== '-1');
    const isReachedByArrows = node => {{
        if (node.type !== 'radio') return false;
        const group = controls.filter(other => other.type === 'radio' && other.name === node.name);
        return node !== (group.find(other => other.checked) ?? group[0]);
    }};
    const stops = controls.filter(node => !isReachedByArrows(node));
    panel.node.querySelectorAll('[data-stop]').forEach(node => {{ delete node.dataset.stop; }});
    stops.forEach((node, number) => {{ node.dataset.stop = number; }});
    return stops.length;
}}"""

_STOP = f"{PANEL} [data-stop='{{}}']"

# Where a picture of the notebook may end, in pixels from the top of its text: below a cell at best,
# below an output or an input, or at least below a block of text.
_PAGE_BREAKS = f"""() => {{ {_CURRENT}
    const scroller = panel.node.querySelector('.jp-WindowedPanel-outer');
    const top = scroller.getBoundingClientRect().top - scroller.scrollTop;
    const bottoms = selector => [...panel.node.querySelectorAll(selector)].map(
        node => Math.ceil(node.getBoundingClientRect().bottom - top));
    return [bottoms('.jp-Cell'), bottoms('.jp-InputArea, .jp-OutputArea-child'), bottoms(
        '.jp-Cell :is(p, li, tr, h1, h2, h3, pre, section, .cm-line, .jupyter-widgets)')];
}}"""


@cache
def axe_source() -> str:
    """Return the text of axe-core, as carried by axe-playwright-python."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


class NotebookPage:
    """An open notebook with a live kernel."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def run_all(self) -> float:
        """Run every cell, wait until the page is quiet, and return the seconds the cells took."""
        seconds = self.page.evaluate(_RUN_ALL)
        self.settle()
        return seconds

    def save(self) -> None:
        """Save the notebook, as Ctrl+S does."""
        self.page.evaluate("jupyterapp.commands.execute('docmanager:save')")

    def settle(self) -> None:
        """Wait until the page stops changing."""
        self.page.evaluate(_SETTLE)

    def open_covers(self) -> None:
        """Open every cover of the outputs, as somebody who asks to see it all."""
        while (button := self.page.locator(SHOW_ME)).count():
            button.first.click()
            self.settle()
        self.page.evaluate(_OPEN_FOLDED)

    def errors(self) -> list[str]:
        """Return every exception and everything written to stderr, with the cell it came from."""
        return self.page.evaluate(_ERRORS)

    def slider(self, nth: int = 0) -> Locator:
        """Return the nth slider handle of the notebook (a range slider has two)."""
        return self.page.locator(SLIDER_HANDLE).nth(nth)

    def slider_names(self) -> list[str]:
        """Return the accessible name of every slider handle ('' where there is none)."""
        handles = self.page.locator(SLIDER_HANDLE).all()
        return [handle.get_attribute("aria-label") or "" for handle in handles]

    def run_in_kernel(self, code: str) -> None:
        """Run code in the notebook's kernel, beside its cells."""
        self.page.evaluate(_RUN_IN_KERNEL, code)

    def strips(self) -> str:
        """Return the text of every strip on the page."""
        return "\n".join(self.page.locator(STRIP).all_inner_texts())

    def free_directions(self, nth: int) -> tuple[str, str]:
        """Return the key that moves the nth slider handle where there is room, and its opposite."""
        handle = self.slider(nth)
        value, least = (
            float(handle.get_attribute(name)) for name in ("aria-valuenow", "aria-valuemin")
        )
        return ("ArrowLeft", "ArrowRight") if value > least else ("ArrowRight", "ArrowLeft")

    def press(self, key: str, nth: int = 0) -> None:
        """Press a key on the nth slider handle and wait until a drawing changes."""
        before = self.page.evaluate(_DRAWINGS)
        self.slider(nth).focus()
        self.page.keyboard.press(key)
        self.page.wait_for_function(f"before => ({_DRAWINGS})() !== before", arg=before)

    def stops_missed_by_tab(self) -> list[str]:
        """Walk with the Tab key over all controls; return those it did not reach, as HTML.

        If the walk never leaves the controls again, the rest of the page counts as missed.
        """
        count = self.page.evaluate(_NUMBER_STOPS)
        if not count:
            return []
        missed = {*range(count), None}  # None: anywhere else on the page
        self.page.locator(_STOP.format(0)).focus()
        for _ in range(count + 300):
            stop = self.page.evaluate("document.activeElement.dataset.stop ?? null")
            missed.discard(None if stop is None else int(stop))
            if not missed:
                return []
            self.page.keyboard.press("Tab")
        return [
            "the rest of the page"
            if stop is None
            else self.page.locator(_STOP.format(stop)).evaluate("node => node.outerHTML")
            for stop in missed
        ]

    def pictures(self) -> list[str]:
        """Return the alternative text of every picture in the page ('' where there is none)."""
        return self.page.evaluate(_PICTURES)

    def axe_violations(self) -> list[str]:
        """Return what axe-core finds wrong inside the output areas, and finds twice.

        On a busy machine the first look may fall on a page that is still being drawn.
        """
        with self._whole_notebook_in_view():
            self.page.evaluate(axe_source())
            if found := self.page.evaluate(_AXE):
                self.settle()
                found = self.page.evaluate(_AXE)
            return found

    def key_to_drawing_times(self, presses: int = 20, nth: int = 0) -> list[float]:
        """Return the milliseconds from each key press on a slider to the changed drawing."""
        self.page.evaluate(_WATCH_DRAWINGS)
        self.slider(nth).focus()
        for press in range(presses):
            self.page.keyboard.press("ArrowLeft" if press % 2 else "ArrowRight")
            self.page.wait_for_function(f"lessonTimes.times.length > {press}")
        return self.page.evaluate("lessonTimes.stop()")

    def kernel_round_trips(self, count: int = 20) -> list[float]:
        """Return the milliseconds that each of `count` empty questions to the kernel takes."""
        return self.page.evaluate(_KERNEL_ROUND_TRIPS, count)

    def server_round_trips(self, count: int = 20) -> list[float]:
        """Return the milliseconds of `count` questions to the server that need no kernel."""
        return self.page.evaluate(_SERVER_ROUND_TRIPS, count)

    def set_theme(self, theme: str) -> None:
        """Switch JupyterLab to its light or dark theme."""
        self.page.evaluate(
            "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", THEMES[theme]
        )
        self.page.wait_for_function(
            "light => document.body.dataset.jpThemeLight === light",
            arg="true" if theme == "light" else "false",
        )
        self.settle()

    def screenshots(self, stem: Path, height: int = 1500) -> list[Path]:
        """Save the whole notebook as `stem`-1.png, `stem`-2.png, ..., and return the paths.

        A page ends below a cell or below a block of text, so that nothing is cut in two.
        """
        width = self.page.viewport_size["width"]
        self.page.set_viewport_size({"width": width, "height": height + 150})
        kinds_of_breaks = self.page.evaluate(_PAGE_BREAKS)
        start, last = 0, max(kinds_of_breaks[0])
        paths: list[Path] = []
        while start < last:
            fitting = (
                [end for end in breaks if start + height / 2 < end <= min(start + height, last)]
                for breaks in kinds_of_breaks
            )
            end = next((max(ends) for ends in fitting if ends), min(start + height, last))
            paths.append(stem.with_name(f"{stem.name}-{len(paths) + 1}.png"))
            self._photograph(start, end, paths[-1])
            start = end
        return paths

    def _photograph(self, start: int, end: int, path: Path) -> None:
        area = self.page.evaluate(
            """start => {
                const scroller = jupyterapp.shell.currentWidget.node.querySelector(
                    '.jp-WindowedPanel-outer');
                scroller.scrollTop = start;
                const {left, top, width} = scroller.getBoundingClientRect();
                return {x: left, y: top + start - scroller.scrollTop, width};
            }""",
            start,
        )
        self.page.screenshot(
            path=path, clip={**area, "height": end - start}, animations="disabled", caret="hide"
        )

    @contextmanager
    def _whole_notebook_in_view(self) -> Iterator[None]:
        size = self.page.viewport_size
        height = max(self.page.evaluate(_PAGE_BREAKS)[0]) + 200
        self.page.set_viewport_size({"width": size["width"], "height": height})
        try:
            yield
        finally:
            self.page.set_viewport_size(size)


@contextmanager
def lab_page(browser: Browser, lab: JupyterLab, **options: Any) -> Iterator[Page]:
    """Open what README's line opens in the browser; `options` go to Playwright's `new_page`."""
    page = browser.new_page(**options)
    page.set_default_timeout(_WAIT)
    try:
        page.goto(lab.opens)
        page.wait_for_function("window.jupyterapp")
        page.evaluate("jupyterapp.restored.then(() => true)")
        page.wait_for_selector("#jupyterlab-splash", state="detached")
        page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext")
        page.evaluate(_FIRST_IS_READY)
        # JupyterLab leaves cells far from the window undrawn; we look at all of them.
        page.add_style_tag(content=".jp-Cell { content-visibility: visible !important }")
        yield page
    finally:
        page.close()


@contextmanager
def open_notebook(page: Page, name: str) -> Iterator[NotebookPage]:
    """Open the notebook `name`, a path inside the server's root, and end its kernel afterwards.

    A page of JupyterLab takes seconds to load, so the notebooks are opened one after the other
    in the same page.
    """
    page.evaluate(_OPEN, name)
    try:
        yield NotebookPage(page)
    finally:
        page.evaluate(_CLOSE)


@contextmanager
def day(browser: Browser, course: Path, home: Path, name: str) -> Iterator[NotebookPage]:
    """Open the course and one of its notebooks, and stop everything at the end of the block.

    Do so again with the same course and the same `home` for the next day: what was saved is there,
    kernels and browser are new.
    """
    with running_lab(course, home) as lab, lab_page(browser, lab, viewport=WINDOW) as page:
        # On a busy machine JupyterLab may give a stored widget up before it has read it: a race of
        # its own, which opening the notebook once more ends. The course's helper says so in its
        # own words as soon as it is there, so either sentence tells that a widget was given up.
        for last in (False, False, False, False, True):
            with open_notebook(page, name) as notebook:
                page.wait_for_timeout(2500)  # as long as JupyterLab hopes for a widget's state
                page.evaluate(_OPEN, name)
                notebook.settle()
                if last or not page.evaluate(_GIVEN_UP, [GIVEN_UP, HELPER_SAYS]):
                    yield notebook
                    return
