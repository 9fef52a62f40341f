"""xlwings' own Windows side on any system: its decorators, converters and the call as Excel makes it.

The four Windows libraries are stubs; everything else is the free part of xlwings as it is. ``Cells`` stands for a
range of Excel: it hands over what Excel would, rows of numbers, texts, ``None`` for blanks and integers for errors.
No tests here.
"""

import ctypes
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock, patch

import xlwings as xw

STUBS = (
    "pythoncom", "pywintypes", "win32api", "win32con", "win32event", "win32gui", "win32process", "win32timezone",
    "win32com", "win32com.client", "win32com.server", "win32com.server.dispatcher", "win32com.server.policy",
    "win32com.server.util", "comtypes",
)  # fmt: skip
ERROR_CODES = {
    "#NULL!": -2146826288, "#DIV/0!": -2146826281, "#VALUE!": -2146826273, "#REF!": -2146826265,
    "#NAME?": -2146826259, "#NUM!": -2146826252, "#N/A": -2146826246, "#SPILL!": -2146826237,
}  # fmt: skip
"""Error values as Excel hands them to other programs."""


class Dispatch:
    """What every COM object is an instance of."""


class Cells(Dispatch):
    """A range of Excel with values."""

    def __init__(self, value: Any) -> None:
        self.Value = value
        rows = value if isinstance(value, tuple) else ((value,),)
        self.Rows, self.Columns = MagicMock(Count=len(rows)), MagicMock(Count=len(rows[0]))

    def __getattr__(self, name: str) -> MagicMock:
        return MagicMock(name=name)


def stub(name: str) -> ModuleType:
    module = ModuleType(name)
    module.__getattr__ = lambda attribute: MagicMock(name=f"{name}.{attribute}")  # type: ignore[method-assign]
    if name == "pywintypes":
        module.com_error = type("com_error", (Exception,), {})
        module.TimeType = type("TimeType", (), {})
    if name == "win32com.client":
        module.CDispatch = module.DispatchBaseClass = module.CoClassBaseClass = Dispatch
    return module


def windows_side() -> Any:
    """The module ``xlwings.udfs``, with the engine that Excel on Windows has."""
    with (
        patch.dict(sys.modules, {name: stub(name) for name in STUBS}),
        patch.multiple(ctypes, create=True, oledll=MagicMock(), windll=MagicMock(), PyDLL=MagicMock()),
    ):
        side = import_module("xlwings.udfs")
        xw._xlwindows = import_module("xlwings._xlwindows")
    if "excel" not in [engine.name for engine in xw.engines]:
        xw.engines.add(xw.Engine(impl=xw._xlwindows.engine))
    return side


SIDE = windows_side()
OPTIONS = {"func": SIDE.xlfunc, "arg": SIDE.xlarg, "ret": SIDE.xlret}


def decorated() -> Mapping[str, Callable[..., Any]]:
    """Every UDF, decorated as on Windows, by name."""
    from xlplan.addin import udfs
    from xlplan.addin.offered import offered

    with patch.multiple(xw, **OPTIONS):
        return {name: udfs.udf(function) for name, function in offered().items()}


MODULE = ModuleType("decorated_udfs")
vars(MODULE).update(decorated())


def excel(name: str, *values: Any) -> Any:
    """What the cells show after Excel calls the function with ranges of these values."""
    with (
        patch.object(SIDE, "get_udf_module", lambda _name, _book: MODULE),
        patch.object(xw._xlwindows, "is_range_instance", lambda value: isinstance(value, Cells)),
        patch.dict(sys.modules, {"xlwings.com_server": MagicMock()}),
    ):
        return SIDE.call_udf("xlplan.addin.udfs", name, tuple(map(as_excel, values)), None, None)


MISSING = -2147352572
"""What Excel hands over for an argument that is left out."""


def as_excel(value: Any) -> Any:
    """A value of a test as Excel hands it over: lists as ranges, errors as numbers."""
    if not isinstance(value, list):
        return ERROR_CODES.get(value, value) if isinstance(value, str) else value
    rows = tuple(tuple(ERROR_CODES.get(c, c) if isinstance(c, str) else c for c in row) for row in value)
    return Cells(rows if len(rows) > 1 or len(rows[0]) > 1 else rows[0][0])
