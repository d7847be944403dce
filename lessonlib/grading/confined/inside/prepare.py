"""In a fresh kernel, before anything of a learner's."""


def prepare() -> None:
    """Let nobody be asked, and let no cell take away the streams by which a kernel speaks."""
    import sys

    from IPython.core.getipython import get_ipython

    shell, streams = get_ipython(), (sys.stdout, sys.stderr)

    def restore(result: object) -> None:
        sys.stdout, sys.stderr = streams

    shell.events.register("post_run_cell", restore)
    shell.kernel.raw_input = shell.kernel.getpass = lambda prompt="", stream=None: ""
