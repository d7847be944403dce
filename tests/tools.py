"""The programs that come with the tests' own packages."""

import shutil
import subprocess
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[1]


def tool(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program of this environment in the course's folder, and keep what it says."""
    command = shutil.which(name, path=sysconfig.get_path("scripts"))
    return subprocess.run([command, *arguments], cwd=ROOT, capture_output=True, text=True)
