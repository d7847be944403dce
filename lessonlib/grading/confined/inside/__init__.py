"""Programs that run inside the sandbox, by their text: it does not show ``lessonlib.grading``.

``zygote`` is the sandbox's own process, with ``course`` in it; the others run in a kernel, beside a
learner's code.
"""

from pathlib import Path


def program(name: str) -> str:
    """Return the text of one of them."""
    return Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")


def calling(name: str, /, **arguments: object) -> str:
    """Return a program whose one function is called; its arguments are plain data.

    It goes on in a space of its own, whatever a learner calls ``len``.
    """
    given = ", ".join(f"{key}={value!r}" for key, value in arguments.items())
    text = f"{program(name)}\n{name}({given})\n"
    return f"__import__('builtins').exec({text!r}, {{}})\n"
