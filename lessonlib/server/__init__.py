"""A Jupyter server extension that makes the explorers answer at once, and outlive their kernel.

`jupyter-config/` at the top of the repository enables it. What is built asks ``widget_state``, too,
and needs no server.
"""


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": f"{__name__}.extension"}]
