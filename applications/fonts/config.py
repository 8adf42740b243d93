"""The fontconfig file of the PDF engine: the fonts shipped with the hall, and better ones of the machine when present.

Style sheets name only the families of ``FAMILIES``. A family ends in a Noto font: fonts that hold just the 6,763
characters of GB2312 would otherwise let rare names vanish.
"""

import importlib.util
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings

SONG = ("Noto Serif CJK SC", "Noto Serif SC")
HEI = ("Noto Sans CJK SC", "Noto Sans SC")
# Licensed fonts of GB/T 9704 first, where an office has installed them; then free ones; then what always is there.
FAMILIES: dict[str, tuple[str, ...]] = {
    "Hall Fangsong": ("仿宋_GB2312", "FZFangSong-Z02", "FangSong", "STFangsong", "FandolFang R", *SONG),
    "Hall Title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong", *SONG),
    "Hall Kai": ("楷体_GB2312", "FZKai-Z03", "KaiTi", "STKaiti", "LXGW WenKai", "AR PL UKai CN", *SONG),
    "Hall Hei": ("SimHei", "FZHei-B01", *HEI),
    "Hall Song": ("SimSun", "STSong", *SONG),
}
SHIPPED = ("NotoSerifSC-Regular.otf", "NotoSansSC-Regular.otf")
SYSTEM_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


def shipped(name: str) -> Path:
    """Where a font of ``SHIPPED`` lies; the path may not exist when the package was not installed."""
    return _package_folder() / name


def missing_fonts() -> list[str]:
    """The shipped fonts that are not on this machine."""
    return [name for name in SHIPPED if not shipped(name).is_file()]


def has_rare_characters() -> bool:
    """Whether a Noto CJK font is installed: the shipped ones lack most of the rare names' characters (𠮷, U+20BB7)."""
    folders = (Path(folder).expanduser() for folder in SYSTEM_FOLDERS)
    return any(next(folder.rglob("Noto*CJK*"), None) is not None for folder in folders)


def write() -> Path:
    """Write the fontconfig file below the data folder and return its path; an equal file is left alone."""
    folder = Path(settings.HALL_DATA_DIR) / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    path, text = folder / "fonts.conf", _text(cache_folder=folder / "cache")
    if not path.is_file() or path.read_text() != text:
        path.write_text(text)
    return path


def _text(cache_folder: Path) -> str:
    folders = [str(_package_folder()), *(str(Path(folder).expanduser()) for folder in SYSTEM_FOLDERS)]
    return "\n".join(
        [
            '<?xml version="1.0"?>',
            '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
            "<fontconfig>",
            *(f"<dir>{escape(folder)}</dir>" for folder in folders),
            f"<cachedir>{escape(str(cache_folder))}</cachedir>",
            *(_alias(name, preferred) for name, preferred in FAMILIES.items()),
            "</fontconfig>\n",
        ]
    )


def _alias(name: str, preferred: tuple[str, ...]) -> str:
    families = "".join(f"<family>{escape(family)}</family>" for family in preferred)
    return f'<alias binding="strong"><family>{name}</family><prefer>{families}</prefer></alias>'


@cache
def _package_folder() -> Path:
    """The folder of the font package, found without importing it; a folder that does not exist when it is missing."""
    spec = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    return Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent/pylopdf_fonts_zh_cn")
