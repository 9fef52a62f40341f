"""UDFs: every function of the add-in as Excel on Windows calls it, through the free part of xlwings.

Excel looks up each by its name in this module; the VBA wrappers of a workbook name the module.
"""

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

import xlwings as xw

from xlplan.addin.offer import Offered
from xlplan.addin.offered import offered

CATEGORY = "xlplan"


def udf(function: Offered) -> Callable[..., Any]:
    """The function with the name, arguments and help that xlwings shows; ranges arrive as rows, errors as texts."""

    def call(*values):  # type: ignore[no-untyped-def]  # noqa: ANN002, ANN202  hints would make xlwings convert cells
        return function(*values)

    call.__name__, call.__doc__ = function.name, function.help
    call.__signature__ = Signature([parameter(function, n) for n in range(len(function.arguments))])  # type: ignore[attr-defined]
    for argument in function.arguments:
        xw.arg(argument.name, ndim=2, err_to_str=True, doc=argument.help)(call)
    return xw.func(category=CATEGORY)(call)


def parameter(function: Offered, number: int) -> Parameter:
    default = Parameter.empty if number < function.needed else None
    return Parameter(function.arguments[number].name, Parameter.POSITIONAL_OR_KEYWORD, default=default)


globals().update({name: udf(function) for name, function in offered().items()})
