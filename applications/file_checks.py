"""Whether an uploaded file is what its name says and can be opened. Nothing is stored or executed here.

The content decides, not the name and never the type that the browser announces. Each refusal carries a code for programs
and one Chinese sentence: what is wrong and what to do.
"""

import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

import filetype
from PIL import Image, UnidentifiedImageError

from applications import file_names

HEAD = 8192  # bytes that filetype looks at
MAX_PIXELS = 80_000_000  # an A3 page at 600 dpi has 70 million
MAX_UNPACKED = 500 * 1024 * 1024
EXECUTABLE_HEADS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"#!",
    b"dex\n",
    b"L\x00\x00\x00\x01\x14\x02",
)
EXECUTABLE_ENDINGS = (
    *("exe", "com", "bat", "cmd", "scr", "pif", "msi", "dll", "sys", "cpl", "reg", "lnk", "app", "apk", "jar", "sh"),
    *("vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "ps1", "psm1", "docm", "xlsm", "pptm"),
)
OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAME = {"jpeg": "jpg", "tiff": "tif"}
OFFICE_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
    "ofd": "OFD.xml",
}
OLE_ENDINGS = ("doc", "xls", "ppt", "wps", "et")
IMAGE_FORMATS = {"jpg": "JPEG", "png": "PNG", "tif": "TIFF", "bmp": "BMP", "webp": "WEBP", "gif": "GIF"}
MIME = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ofd": "application/ofd",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}


class FileRefused(Exception):
    """The file cannot be taken; ``code`` for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class CheckedFile:
    """What the checks found out."""

    file_name: str
    content_type: str
    size: int


def check(file: IO[bytes], name: str, size: int, *, formats: list[str], max_mb: int) -> CheckedFile:
    """The file's safe name, true type and size; FileRefused with a sentence when it cannot be taken.

    ``formats`` are the endings that the guide allows (small letters), ``max_mb`` its limit for one file.
    """
    safe_name = file_names.clean(name)
    ending = file_names.extension(safe_name)
    kind = SAME.get(ending, ending)
    _check_size(size, max_mb)
    file.seek(0)
    head = file.read(HEAD)
    _check_not_executable(head, ending)
    if kind not in {SAME.get(each, each) for each in formats}:
        raise FileRefused("wrong_type", _wrong_type(ending, formats))
    content_type = _check_content(file, head, kind)
    file.seek(0)
    return CheckedFile(safe_name, content_type, size)


def _check_size(size: int, max_mb: int) -> None:
    if size == 0:
        raise FileRefused("empty", "这个文件是空的（0 字节）。请确认文件能在您的电脑或手机上打开，再重新选择。")
    if size > max_mb * 1024 * 1024:
        raise too_big(max_mb)


def too_big(max_mb: int) -> FileRefused:
    """The refusal of a file above its limit."""
    return FileRefused(
        "too_big",
        f"文件超过 {max_mb} MB。请压缩后再传：扫描时选 200 dpi、黑白或灰度，或者把文件分成几份。",
    )


def _check_not_executable(head: bytes, ending: str) -> None:
    if ending in EXECUTABLE_ENDINGS or head.startswith(EXECUTABLE_HEADS):
        raise FileRefused("executable", "这个文件是程序或含有宏，不是材料，不能上传。请上传材料的扫描件或照片。")


def _wrong_type(ending: str, formats: list[str]) -> str:
    allowed = "、".join(formats)
    if not ending:
        return f"文件名没有后缀，看不出是什么文件。这里可以上传：{allowed}。"
    return f"不能上传 .{ending} 文件。这里可以上传：{allowed}，请另存为其中一种再传。"


def _check_content(file: IO[bytes], head: bytes, kind: str) -> str:
    """The true content type; FileRefused when the bytes are not of ``kind`` or cannot be opened."""
    if kind in OFFICE_PARTS:
        return _check_package(file, head, kind)
    if kind in OLE_ENDINGS:
        return _check_ole(head, kind)
    guessed = filetype.guess(head)
    if guessed is None or SAME.get(guessed.extension, guessed.extension) != kind:
        raise _mismatch(kind)
    checker = CHECKERS.get(kind)
    if checker is not None:
        checker(file, kind)
    return MIME.get(kind, guessed.mime)


def _mismatch(kind: str) -> FileRefused:
    return FileRefused(
        "type_mismatch",
        f"文件内容不是 {kind}：只改后缀不能转换文件。请用原来的软件打开它，另存或导出为 {kind} 再传。",
    )


def _unreadable() -> FileRefused:
    return FileRefused("unreadable", "文件打不开，可能已经损坏或没有传完整。请确认它能打开，再重新选择。")


def _encrypted() -> FileRefused:
    return FileRefused("encrypted", "文件设了打开密码，工作人员看不到内容。请去掉密码后再传。")


def _check_pdf(file: IO[bytes], kind: str) -> None:
    from applications import pdf_probe  # qpdf: 8 MB that a courier does not need

    size = file.seek(0, 2)
    verdict = pdf_probe.verdict(file, size)
    if verdict == pdf_probe.ENCRYPTED:
        raise _encrypted()
    if verdict != pdf_probe.OK:
        raise _unreadable()


def _check_image(file: IO[bytes], kind: str) -> None:
    """Formats are opened by name, so that a picture cannot reach a parser its ending does not stand for."""
    formats = [IMAGE_FORMATS[kind]]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            _check_pixels(file, formats)
            file.seek(0)
            with Image.open(file, formats=formats) as image:
                image.verify()
            if (
                kind == "jpg"
            ):  # a missing end shows only when decoded; other formats would unpack to hundreds of megabytes
                file.seek(0)
                with Image.open(file, formats=formats) as image:
                    image.draft("L", (512, 512))  # JPEG is decoded at an eighth of its size
                    image.load()
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise _unreadable() from error


def _check_pixels(file: IO[bytes], formats: list[str]) -> None:
    file.seek(0)
    with Image.open(file, formats=formats) as image:
        if image.width * image.height > MAX_PIXELS:
            raise _too_many_pixels()


def _too_many_pixels() -> FileRefused:
    return FileRefused("too_many_pixels", "图片的尺寸太大（超过 8000 万像素）。请缩小到清晰可读的尺寸再传。")


def _check_package(file: IO[bytes], head: bytes, kind: str) -> str:
    if head.startswith(OLE_HEAD):  # a protected Office file is an OLE container around the encrypted package
        raise _encrypted()
    if not head.startswith(b"PK\x03\x04"):
        raise _mismatch(kind)
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _unreadable() from error
    names = {part.filename for part in parts}
    if OFFICE_PARTS[kind] not in names:
        raise _mismatch(kind)
    if any(name.endswith("vbaProject.bin") for name in names):
        raise FileRefused("executable", "文件里含有宏，不能上传。请另存为不含宏的格式，或导出为 PDF 再传。")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _unreadable()
    return MIME[kind]


def _check_ole(head: bytes, kind: str) -> str:
    if not head.startswith(OLE_HEAD):
        raise _mismatch(kind)
    return MIME.get(kind, "application/octet-stream")


Checker = Callable[[IO[bytes], str], None]
CHECKERS: dict[str, Checker] = {"pdf": _check_pdf, **dict.fromkeys(IMAGE_FORMATS, _check_image)}
