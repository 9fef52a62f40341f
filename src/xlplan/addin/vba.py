"""VBA: one wrapper for each function, from our own template, and the macros that run scripts.

xlwings' template would put the text of an error into the cell; this one gives #N/A, which no formula takes for a value.
"""

from collections.abc import Iterator

from xlplan.addin.arguments import Argument
from xlplan.addin.offer import Offered
from xlplan.addin.offered import offered

MODULE = "xlplan_udfs"
PYTHON_MODULE = "xlplan.addin.udfs"
SCRIPTS = ("check", "recalculate", "export")
RESERVED_WORDS = (
    "and as boolean byref byte byval call case cbool cdate class const currency date declare dim do double each else "
    "empty end enum event exit false for friend function get global if implements in integer is let like long loop me "
    "mod new next not nothing null on option optional or paramarray preserve print private public redim rem resume "
    "return select set single static step stop string sub then to true type until variant wend while with xor"
)
RESERVED = frozenset(RESERVED_WORDS.split())

HEAD = """\
Attribute VB_Name = "{module}"
'Functions and macros of xlplan; they need xlwings {version}.
Option Explicit
"""
WRAPPER = """\
Function {name}({signature})
Attribute {name}.VB_Description = "{help}"
    If TypeOf Application.Caller Is Range Then On Error GoTo failed
    {name} = XLPy.CallUDF("{module}", "{name}", Array({arguments}), ThisWorkbook, Application.Caller)
    Exit Function
failed:
    {name} = CVErr(xlErrNA)
End Function
"""
MACRO = """\
Sub xlp_{script}()
    RunPython "from xlplan.addin import scripts; scripts.run('{script}')"
End Sub
"""


def wrappers(version: str) -> str:
    """The VBA module with a wrapper for every function."""
    texts = [
        HEAD.format(module=MODULE, version=version),
        *(wrapper(function) for function in offered().values()),
        *macros(),
    ]
    return "\n".join(texts).replace("\n", "\r\n")


def wrapper(function: Offered) -> str:
    names = [vba_name(argument) for argument in function.arguments]
    signature = [name if n < function.needed else f"Optional {name}" for n, name in enumerate(names)]
    return WRAPPER.format(
        name=function.name,
        signature=", ".join(signature),
        help=function.help.replace('"', '""').encode("cp1252", "replace").decode("cp1252"),
        module=PYTHON_MODULE,
        arguments=", ".join(names),
    )


def vba_name(argument: Argument) -> str:
    return f"{argument.name}_" if argument.name in RESERVED else argument.name


def macros() -> Iterator[str]:
    return (MACRO.format(script=script) for script in SCRIPTS)
