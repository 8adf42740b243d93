"""Is an uploaded file a plain workbook? Looked at before any of it is parsed; nothing is written or run.

A workbook is a ZIP package of XML parts. Refused with one sentence each: other formats, macros, links to other files, embedded objects, parts
that unpack to more than a guide can need, and XML that declares its own entities.
"""

import zipfile
import zlib
from typing import IO
from xml.parsers import expat

MB = 1024 * 1024
MAX_PARTS = 200
MAX_TOTAL = 400 * MB
MAX_SHEET = 200 * MB
MAX_STRINGS = 64 * MB
MAX_OTHER = 8 * MB
MAX_RATIO = 250  # times that a large part may grow; XML of real workbooks grows 10 to 100 times
LARGE = MB
OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_HEAD = b"PK\x03\x04"
XML_ENDINGS = (".xml", ".rels", ".vml")
CHUNK = 64 * 1024
SHEETS = "xl/worksheets/sheet"
MAX_ROWS = 200_000  # of one sheet, empty ones too
MOST_BEFORE_ROOT = MB


class Refused(ValueError):
    """The file is not taken; ``str()`` says why and what to do, in Chinese."""


BROKEN = "文件打不开，可能已经损坏或没有传完整。请用 Excel 打开它，另存为“Excel 工作簿（.xlsx）”再上传。"
# What the name of a part gives away, and the sentence for it.
FORBIDDEN: tuple[tuple[str, str], ...] = (
    ("vbaproject", "文件里含有宏。请在 Excel 里另存为不含宏的“Excel 工作簿（.xlsx）”再上传。"),
    ("xl/macrosheets/", "文件里含有宏表。请删去宏表，另存为“Excel 工作簿（.xlsx）”再上传。"),
    ("xl/dialogsheets/", "文件里含有宏表。请删去宏表，另存为“Excel 工作簿（.xlsx）”再上传。"),
    ("xl/externallinks/", "文件里有指向别的工作簿的链接。请在 Excel 的“数据—编辑链接”里断开链接，再上传。"),
    ("xl/connections", "文件里有外部数据连接。请在 Excel 的“数据—查询和连接”里删去连接，再上传。"),
    ("xl/querytables/", "文件里有外部数据连接。请在 Excel 的“数据—查询和连接”里删去连接，再上传。"),
    ("xl/embeddings/", "文件里嵌入了别的文件或对象。请删去它们，再上传。"),
    ("xl/activex/", "文件里有控件。请删去它们，再上传。"),
    ("xl/ctrlprops/", "文件里有控件。请删去它们，再上传。"),
)


def is_package(file: IO[bytes]) -> bool:
    """Whether the file begins as a ZIP package does."""
    file.seek(0)
    return file.read(4) == ZIP_HEAD


def inspect(file: IO[bytes]) -> None:
    """Refused unless the file is a workbook that can be parsed without harm."""
    file.seek(0)
    head = file.read(8)
    if not head:
        raise Refused("这个文件是空的（0 字节）。请确认它能在 Excel 里打开，再重新选择。")
    if head == OLE_HEAD:
        raise Refused("文件设了打开密码，或者是旧格式（.xls）。请去掉密码，另存为“Excel 工作簿（.xlsx）”再上传。")
    if not head.startswith(ZIP_HEAD):
        raise Refused("这不是 Excel 工作簿（.xlsx）。只改后缀不能转换文件，请用 Excel 另存为 .xlsx 再上传。")
    try:
        with zipfile.ZipFile(file) as package:
            _check_names(package)
            _check_sizes(package.infolist())
            _check_types(package)
            for part in package.infolist():
                if part.filename.lower().endswith(XML_ENDINGS):
                    _check_prolog(package, part)
                if part.filename.lower().startswith(SHEETS):
                    _check_rows(package, part)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise Refused(BROKEN) from error


def _check_names(package: zipfile.ZipFile) -> None:
    names = [part.filename.lower().replace("\\", "/") for part in package.infolist()]
    if len(names) > MAX_PARTS:
        raise Refused(f"文件里有 {len(names)} 个部件，超过了 {MAX_PARTS} 个，不是普通的工作簿。")
    for mark, sentence in FORBIDDEN:
        if any(mark in name for name in names):
            raise Refused(sentence)
    if "xl/workbook.bin" in names:
        raise Refused("这是二进制工作簿（.xlsb）。请另存为“Excel 工作簿（.xlsx）”再上传。")
    if "xl/workbook.xml" not in names:
        raise Refused("这个压缩包不是 Excel 工作簿（.xlsx）。请用 Excel 另存为 .xlsx 再上传。")
    if len(set(names)) != len(names):
        raise Refused("文件里有重名的部件，不是正常保存的工作簿。请用 Excel 重新另存一份再上传。")


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    """By what the package declares; zipfile never reads beyond that."""
    for part in parts:
        if part.flag_bits & 1:
            raise Refused("文件设了密码。请去掉密码再上传。")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(BROKEN)
        too_dense = part.file_size > LARGE and part.file_size > MAX_RATIO * max(part.compress_size, 1)
        if part.file_size > _most(part.filename.lower()) or too_dense:
            raise Refused("文件解开以后太大，不是普通的工作簿。请删去多余的空行和格式，或者分成几个文件上传。")
    if sum(part.file_size for part in parts) > MAX_TOTAL:
        raise Refused(f"文件解开以后超过 {MAX_TOTAL // MB} MB。请分成几个文件上传。")


def _most(name: str) -> int:
    if name.startswith(SHEETS):
        return MAX_SHEET
    return MAX_STRINGS if name == "xl/sharedstrings.xml" else MAX_OTHER


def _check_types(package: zipfile.ZipFile) -> None:
    """A workbook with macros says so in its table of types, whatever its name ends in."""
    for part in package.infolist():
        if part.filename.lower() == "[content_types].xml" and b"macroEnabled" in package.read(part):
            raise Refused(FORBIDDEN[0][1])


def _check_prolog(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Entities can be declared before the first element only: read up to it and refuse any DOCTYPE, in every encoding."""
    seen = _Prolog()
    with package.open(part) as stream:
        try:
            while not seen.has_root:
                chunk = stream.read(CHUNK)
                seen.parser.Parse(chunk, not chunk)
                if stream.tell() > MOST_BEFORE_ROOT or not chunk:
                    break
        except expat.ExpatError as error:
            if not seen.has_root:
                raise Refused(BROKEN) from error
    if not seen.has_root:
        raise Refused(BROKEN)


def _check_rows(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Counting rows is a hundred times quicker than parsing them; rows written unusually are counted when they are read."""
    count = 0
    with package.open(part) as stream:
        while chunk := stream.read(CHUNK):
            count += chunk.count(b"<row ")
    if count > MAX_ROWS:
        raise Refused(f"有一个工作表超过 {MAX_ROWS} 行（空行也算）。请删去下面的空行和格式，再上传。")


class _Prolog:
    """Reads XML until its first element."""

    def __init__(self) -> None:
        self.has_root = False
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._element

    def _doctype(self, *_declared: object) -> None:
        raise Refused("文件里的 XML 声明了实体（DOCTYPE），Excel 不会这样保存。请用 Excel 重新另存一份再上传。")

    def _element(self, _name: str, _attributes: object) -> None:
        self.has_root = True
