"""Lay the inputs of a form over its finished page (AcroForm), so that it can be filled in with any PDF program.

The page is drawn by WeasyPrint, whose own form fields would spoil the Chinese on it; pikepdf adds objects and leaves what is
drawn alone. Appearances of what is typed are left to the program (NeedAppearances), which finds a Chinese font in the file.
"""

import io
from collections.abc import Iterable

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from applications.documents.form_inputs import Input
from applications.fonts import form_font
from applications.pdf import Spot

SIZE = 10.5  # points
MULTILINE, REQUIRED, NO_TOGGLE, RADIO = 1 << 12, 1 << 1, 1 << 14, 1 << 15
PRINTED = 4
INSET = 1.0
BLANK = b""
TICK = b"q 1.2 w 1 J 1 j %.2f %.2f m %.2f %.2f l %.2f %.2f l S Q"
TICK_POINTS = ((0.2, 0.5), (0.42, 0.24), (0.82, 0.8))  # of the box


def lay(pdf: bytes, inputs: Iterable[Input], spots: dict[str, Spot]) -> bytes:
    """The same pages with the inputs on them. The same arguments always give the same bytes.

    ``spots`` holds the place of each input by its name, for options ``name#1``, ``name#2`` …; KeyError when one is missing.
    """
    with pikepdf.open(io.BytesIO(pdf)) as file:
        form = Form(file)
        for each in inputs:
            form.add(each, spots)
        form.close()
        out = io.BytesIO()
        file.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


class Form:
    """The fields of one file while they are being added."""

    def __init__(self, file: Pdf) -> None:
        self.file = file
        self.fields = Array([])
        self.tags = Tags(file)
        self.blank = file.make_indirect(_drawing(file, BLANK, 1, 1))

    def add(self, one: Input, spots: dict[str, Spot]) -> None:
        """Add one input in the order in which the tab key goes on."""
        if one.kind == "one":
            self._choice(one, spots)
        elif one.kind == "box":
            widget = self._tick(spots[f"{one.name}#1"], one.options[0], one.label)
            self._field(widget, one, FT=Name.Btn, V=Name.Off)
        else:
            self._text(one, spots[one.name])

    def close(self) -> None:
        """Write the form itself, with the font that is typed with."""
        fonts = Dictionary(Hei=_font(self.file), ZaDb=_marks())
        self.file.Root.AcroForm = self.file.make_indirect(
            Dictionary(
                Fields=self.fields, NeedAppearances=True, DR=Dictionary(Font=fonts), DA=String(f"/Hei {SIZE} Tf 0 g")
            )
        )
        for page in self.file.pages:
            page.obj.Tabs = Name.S
        self.tags.close()

    def _text(self, one: Input, spot: Spot) -> None:
        width = spot.box[2] - spot.box[0]
        is_long = one.kind == "lines" or one.max_length * SIZE > width
        # Size 0: the program makes the letters as small as the text needs, so that nothing is hidden on paper.
        widget = self._widget(spot, DA=String(f"/Hei {0 if is_long else SIZE} Tf 0 g"))
        self._field(widget, one, MULTILINE if is_long else 0, FT=Name.Tx, MaxLen=one.max_length)

    def _choice(self, one: Input, spots: dict[str, Spot]) -> None:
        field = self.file.make_indirect(Dictionary(Kids=Array([])))
        self._field(field, one, RADIO | NO_TOGGLE, FT=Name.Btn, V=Name.Off)
        for place, option in enumerate(one.options, start=1):
            widget = self._tick(spots[f"{one.name}#{place}"], option, f"{one.label}：{option[1]}")
            widget.Parent = field
            field.Kids.append(widget)

    def _field(self, field: Object, one: Input, flags: int = 0, **more: object) -> None:
        field.T, field.TU = String(one.name), String(one.label)
        field.Ff = flags | (REQUIRED if one.required else 0)
        for key, value in more.items():
            field[f"/{key}"] = value
        self.fields.append(field)

    def _tick(self, spot: Spot, option: tuple[str, str], label: str) -> Object:
        """A box with a tick; its state has the option's value as name."""
        left, bottom, right, top = spot.box
        ticked = _drawing(self.file, _tick(right - left, top - bottom), right - left, top - bottom)
        looks = Dictionary({"/" + option[0]: self.file.make_indirect(ticked), "/Off": self.blank})
        return self._widget(spot, AS=Name.Off, AP=Dictionary(N=looks), MK=Dictionary(CA=String("4")), TU=String(label))

    def _widget(self, spot: Spot, **more: object) -> Object:
        page = self.file.pages[spot.page]
        widget = self.file.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name.Widget, F=PRINTED, P=page.obj, Rect=Array(_rounded(spot.box)))
        )
        for key, value in more.items():
            widget[f"/{key}"] = value
        if "/Annots" not in page.obj:
            page.obj.Annots = Array([])
        page.obj.Annots.append(widget)
        self.tags.add(widget, page.obj)
        return widget


class Tags:
    """The inputs in the structure that screen readers follow, after the text of the page."""

    def __init__(self, file: Pdf) -> None:
        self.file = file
        self.root = file.Root.StructTreeRoot
        self.body = self.root.K[0] if isinstance(self.root.K, Array) else self.root.K
        self.next = 1 + max((int(number) for number in list(self.root.ParentTree.Nums)[::2]), default=-1)

    def add(self, widget: Object, page: Object) -> None:
        """Tag one widget as a form field."""
        place = Dictionary(Type=Name.OBJR, Obj=widget, Pg=page)
        tag = self.file.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Form, P=self.body, K=place, Pg=page))
        self.body.K.append(tag)
        self.root.ParentTree.Nums.extend(Array([self.next, tag]))
        widget.StructParent = self.next
        self.next += 1

    def close(self) -> None:
        """Say where the next number would begin."""
        self.root.ParentTreeNextKey = self.next


def _rounded(box: tuple[float, ...]) -> list[float]:
    return [round(side, 2) for side in box]


def _tick(width: float, height: float) -> bytes:
    return TICK % tuple(part for x, y in TICK_POINTS for part in (x * width, y * height))


def _drawing(file: Pdf, drawn: bytes, width: float, height: float) -> Object:
    box = Array([0, 0, round(width, 2), round(height, 2)])
    return file.make_stream(drawn, Type=Name.XObject, Subtype=Name.Form, BBox=box, Resources=Dictionary())


def _marks() -> Object:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)


def _font(file: Pdf) -> Object:
    """The Chinese font as a composite font: codes are glyph numbers, ToUnicode gives their characters back."""
    font = form_font.load()
    name = Name("/" + form_font.NAME)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=Array([-1000, -300, 2000, 1000]),
        ItalicAngle=0,
        Ascent=880,
        Descent=-120,
        CapHeight=733,
        StemV=80,
        FontFile3=file.make_stream(font.cff, Subtype=Name.CIDFontType0C),
    )
    outlines = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType0,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        DW=1000,
        W=_widths(font),
        FontDescriptor=file.make_indirect(descriptor),
    )
    return file.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([file.make_indirect(outlines)]),
            ToUnicode=file.make_stream(_to_unicode(font)),
        )
    )


def _widths(font: form_font.FormFont) -> Array:
    """Only what is not as wide as it is high."""
    narrow = [(number, width) for number, width in sorted(font.widths.items()) if width != 1000]
    return Array([part for number, width in narrow for part in (number, Array([width]))])


def _to_unicode(font: form_font.FormFont) -> bytes:
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    pairs = sorted(font.characters.items())
    for start in range(0, len(pairs), 100):  # the most that a block may hold
        block = pairs[start : start + 100]
        rows = (f"<{number:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for number, letter in block)
        lines += [f"{len(block)} beginbfchar", *rows, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode()
