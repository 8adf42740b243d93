"""Programs with one verification line less: which they are, and how to live in one of them.

A mutant is one function compiled anew without one ``raise``, one condition of an early end, one part of a yes or no,
one compared field, one check or one fsync.
"""

import ast
import copy
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import CodeType, FunctionType

# Survivors that no test can notice, by ``Mutant.name``, and why.
ACCEPTED = {
    "applying Applier._halts: return: known is not None → True": "for the types: a batch of a kind that is not known is "
    "parked before (importer), and a record of a kind that its batch does not announce is refused before (reading)",
    **dict.fromkeys(
        [
            "rows _taken_by: if: field in (models.CharField, models.TextField) → False",
            "rows _taken_by: if: field in _NUMBERS → False",
            "rows _taken_by: if: field in _OTHERS → False",
            "rows _taken_by: if: issubclass(field, models.BinaryField) → False",
        ],
        "a short cut: the field's own way, which is taken then, gives the same value later",
    ),
}
# Calls whose only purpose is to stop something, or to make it last.
CHECKS = ("check", "verify", "fsync")


class Verdict(Enum):
    """What the tests say of a mutant; the numbers are exit codes."""

    LIVES = 0
    NOTICED = 1
    DOUBTFUL = 2  # a test failed, and failed still without the mutant


@dataclass(frozen=True)
class Mutant:
    """One line taken away: where, what it said, and the function that lacks it."""

    path: Path
    lines: range  # a test that reaches none of them cannot notice
    text: str
    function: str
    code: CodeType
    module: str  # its whole text

    def __str__(self) -> str:
        return f"{self.path.name}:{self.lines.start} {self.function}: {self.text}"

    @property
    def name(self) -> str:
        """What it is, wherever its line has moved to: the key of ACCEPTED."""
        return f"{self.path.stem} {self.function}: {self.text}"


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse(path.read_text())
    for at, _ in enumerate(_changes(tree)):
        changed = copy.deepcopy(tree)
        function, node, text, change = list(_changes(changed))[at]
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        change()
        ast.fix_missing_locations(changed)
        code = _code_of(compile(changed, str(path), "exec"), function)
        if code is not None:
            yield Mutant(path, lines, text, function, code, ast.unparse(changed))


@contextmanager
def living_as(mutant: Mutant) -> Iterator[None]:
    """Inside, this process is the mutant: every reference to the function sees it. The module must have been imported."""
    gc.unfreeze()  # what was there when the apps were loaded is hidden from the collector, and from us
    # Not isinstance: that asks lazy objects what they stand for, and the user of an ended request cannot say any more.
    functions = [thing for thing in gc.get_objects() if type(thing) is FunctionType and _is_of(mutant, thing.__code__)]
    original = functions[0].__code__
    for function in functions:
        function.__code__ = mutant.code
    try:
        yield
    finally:
        for function in functions:
            function.__code__ = original


def _is_of(mutant: Mutant, code: CodeType) -> bool:
    return (code.co_filename, code.co_qualname) == (str(mutant.path), mutant.function)


class _Change:
    """Takes one thing out of the tree."""

    def __init__(self, parent: ast.AST, field: str, index: int | None, new: list[ast.AST]) -> None:
        self._parent, self._field, self._index, self._new = parent, field, index, new

    def __call__(self) -> None:
        if self._index is None:
            setattr(self._parent, self._field, self._new[0])
        else:
            getattr(self._parent, self._field)[self._index : self._index + 1] = self._new


_Node = ast.stmt | ast.expr
_One = tuple[_Node, str, _Change]  # what must be reached, what it says, and the change
_Found = tuple[str, _Node, str, _Change]


def _changes(tree: ast.Module) -> Iterator[_Found]:
    for function, node in _functions(tree):
        for parent in ast.walk(node):
            for field, index, child in _children(parent):
                for reached, text, change in _of(parent, field, index, child):
                    yield function, reached, text, change


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{one.name}", one) for one in node.body if isinstance(one, ast.FunctionDef))


def _children(parent: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    for field, value in ast.iter_fields(parent):
        if isinstance(value, list):
            yield from ((field, at, item) for at, item in enumerate(value) if isinstance(item, ast.AST))
        elif isinstance(value, ast.AST):
            yield field, None, value


def _of(parent: ast.AST, field: str, index: int | None, child: ast.AST) -> Iterator[_One]:
    if isinstance(child, ast.Raise) and child.exc is not None:
        yield child, f"without {ast.unparse(child)}", _Change(parent, field, index, [ast.Pass()])
    elif isinstance(child, ast.Expr) and isinstance(child.value, ast.Call):
        name = ast.unparse(child.value.func).rpartition(".")[2]
        if any(word in name for word in CHECKS):
            yield child, f"without {ast.unparse(child)}", _Change(parent, field, index, [ast.Pass()])
    elif isinstance(child, ast.If) and isinstance(child.body[0], ast.Raise | ast.Return | ast.Continue):
        yield from _conditions(child)
    elif isinstance(child, ast.Return):
        yield from _answers(child)


def _conditions(node: ast.If) -> Iterator[_One]:
    test, raises = node.test, isinstance(node.body[0], ast.Raise)
    if isinstance(test, ast.BoolOp):
        yield from _parts("if", test)
    elif not raises:
        yield node.body[0], f"if: {ast.unparse(test)} → False", _Change(node, "test", None, [ast.Constant(False)])
    for compared in ast.walk(test):
        if isinstance(compared, ast.Compare):
            yield from _fields(compared)


def _answers(node: ast.Return) -> Iterator[_One]:
    """Of functions that say whether something is so."""
    value = node.value
    if isinstance(value, ast.BoolOp):
        yield from _parts("return", value)
    elif isinstance(value, ast.Compare):
        yield node, f"return: {ast.unparse(value)} → True", _Change(node, "value", None, [ast.Constant(True)])
        yield from _fields(value)


def _parts(word: str, test: ast.BoolOp) -> Iterator[_One]:
    neutral = isinstance(test.op, ast.And)
    for at, value in enumerate(test.values):
        yield test, f"{word}: {ast.unparse(value)} → {neutral}", _Change(test, "values", at, [ast.Constant(neutral)])
        if word == "return" and isinstance(value, ast.Compare):
            yield from _fields(value)


def _fields(compared: ast.Compare) -> Iterator[_One]:
    """Each field of a compared tuple, made equal to its counterpart."""
    right = compared.comparators[0]
    if isinstance(compared.ops[0], ast.Eq | ast.NotEq) and isinstance(right, ast.Tuple):
        for at, value in enumerate(right.elts):
            same = ast.Subscript(compared.left, ast.Constant(at), ast.Load())
            yield compared, f"not compared: {ast.unparse(value)}", _Change(right, "elts", at, [same])


def _code_of(module: CodeType, function: str) -> CodeType | None:
    waiting = [module]
    while waiting:
        code = waiting.pop()
        if code.co_qualname == function:
            return code
        waiting += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return None
