"""Read settings from the environment; nonsense stops the start with a sentence that says what to set."""

from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SIDES = ("outer", "inner")


def choice(env: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
    """One of ``allowed``; ImproperlyConfigured names the variable and the choices otherwise."""
    value = env.get(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} 必须是 {' 或 '.join(allowed)}，现在是 {value!r}。")
    return value


def flag(env: Mapping[str, str], name: str, default: bool) -> bool:
    """A yes/no variable: 1/0, true/false, yes/no, on/off in any case."""
    raw = env.get(name)
    if raw is None:
        return default
    known = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if raw.strip().lower() not in known:
        raise ImproperlyConfigured(f"{name} 必须是 1 或 0，现在是 {raw!r}。")
    return known[raw.strip().lower()]


def integer(env: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    """A whole number between ``low`` and ``high``, both included."""
    raw = env.get(name, str(default))
    try:
        value = int(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} 必须是整数，现在是 {raw!r}。") from error
    if not low <= value <= high:
        raise ImproperlyConfigured(f"{name} 必须在 {low} 到 {high} 之间，现在是 {value}。")
    return value


def words(env: Mapping[str, str], name: str, default: str = "") -> list[str]:
    """A comma-separated list; empty entries are dropped."""
    return [word.strip() for word in env.get(name, default).split(",") if word.strip()]


def url_base(env: Mapping[str, str], name: str, default: str) -> str:
    """An http(s) address without a trailing slash."""
    value = env.get(name, default).rstrip("/")
    if not value.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"{name} 必须以 http:// 或 https:// 开头，现在是 {value!r}。")
    return value


def folder(env: Mapping[str, str], name: str, default: Path) -> Path:
    """An absolute folder path; the folder need not exist yet, but must not be a file."""
    path = Path(env.get(name, str(default))).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise ImproperlyConfigured(f"{name} 指向的 {path} 不是文件夹。")
    return path


def optional_folder(env: Mapping[str, str], name: str) -> Path | None:
    """An absolute folder path, or None when the variable is not set."""
    return folder(env, name, Path()) if env.get(name) else None
