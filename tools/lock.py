"""Resolve requirements/*.in into lock files with hashes and without addresses of registries."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".venv" / "bin" / "uv"


def lock(name: str) -> None:
    """Write requirements/<name>.txt from requirements/<name>.in; pins already there are kept where they still fit."""
    command = [UV, "pip", "compile", "--quiet", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--no-header", "--python-version", "3.11"]
    command += [f"requirements/{name}.in", "--output-file", f"requirements/{name}.txt"]
    print(f"锁定 requirements/{name}.txt")
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


if __name__ == "__main__":
    for each in ("uv", "base", "test"):
        lock(each)
