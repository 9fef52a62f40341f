"""The web extension: where xlwings Lite keeps its Python files inside a workbook, and a workbook that holds ours.

The format was read off public workbooks; no document of its makers describes it. Hence: experimental.
"""

import json
from collections.abc import Mapping
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import quoteattr

from xlplan.addin import sheet
from xlplan.addin.injection import Parts, declared, with_array_formulas
from xlplan.addin.lite import REQUIREMENTS, main_py
from xlplan.addin.sheet import array_calls
from xlplan.addin.sheets import LITE
from xlplan.plan import Plan
from xlplan.workbook.build import build_workbook, make_layout
from xlplan.workbook.container import packed
from xlplan.workbook.layout import ROWS
from xlplan.workbook.package import parts

FOLDER = "xl/webextensions"
TASKPANES, EXTENSION = f"{FOLDER}/taskpanes.xml", f"{FOLDER}/webextension1.xml"
RELATIONS = f"{FOLDER}/_rels/taskpanes.xml.rels"
TYPES = {
    TASKPANES: "application/vnd.ms-office.webextensiontaskpanes+xml",
    EXTENSION: "application/vnd.ms-office.webextension+xml",
}
OFFICE = "http://schemas.microsoft.com/office"
DRAWING = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STORE_ID = "wa200008175"
"""xlwings Lite in the store of Office add-ins."""

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TASKPANES_XML = (
    f'{XML}<wetp:taskpanes xmlns:wetp="{OFFICE}/webextensions/taskpanes/2010/11">'
    '<wetp:taskpane dockstate="right" visibility="0" width="350" row="1">'
    f'<wetp:webextensionref xmlns:r="{DRAWING}" r:id="rId1"/></wetp:taskpane></wetp:taskpanes>'
)
RELATIONS_XML = (
    f'{XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/2011/relationships/webextension" Target="webextension1.xml"/>'
    "</Relationships>"
)
ROOT_RELATION = (
    f'<Relationship Id="rIdTaskpanes" Type="{OFFICE}/2011/relationships/webextensiontaskpanes" '
    f'Target="{TASKPANES}"/></Relationships>'
)


def build_lite(plan: Plan, line_rows: int = ROWS) -> bytes:
    """The plan as an ``.xlsx`` with the Python sheet, its functions as xlwings Lite stores them, and their code."""
    sheets = LITE
    layout = make_layout(plan, line_rows, sheets)
    found = parts(build_workbook(plan, line_rows, sheets))
    calls = array_calls(plan, layout)
    found = with_array_formulas(found, layout.title(sheet.KEY), calls, lite_name)
    return packed(with_files(found, lite_files(), plan.id))


def lite_name(function: str) -> str:
    """Name of a function as a workbook stores it for xlwings Lite; Excel shows it without the prefix."""
    return f"_xldudf_{function.upper()}"


def lite_files() -> Mapping[str, str]:
    """The two files that xlwings Lite reads."""
    return {"main.py": main_py(), "requirements.txt": REQUIREMENTS}


def with_files(found: Parts, files: Mapping[str, str], name: str) -> Parts:
    """The package with the files in the settings of the add-in."""
    for part, content_type in TYPES.items():
        found = declared(found, part, content_type)
    root = found["_rels/.rels"].decode().replace("</Relationships>", ROOT_RELATION)
    more = {EXTENSION: extension(files, name), TASKPANES: TASKPANES_XML, RELATIONS: RELATIONS_XML}
    return found | {"_rels/.rels": root.encode()} | {part: text.encode() for part, text in more.items()}


def extension(files: Mapping[str, str], name: str) -> str:
    """The add-in with its settings: each file as JSON text."""
    properties = "".join(f"<we:property name={quoteattr(n)} value={attribute(text)}/>" for n, text in files.items())
    return (
        f'{XML}<we:webextension xmlns:we="{OFFICE}/webextensions/webextension/2010/11" '
        f'id="{{{str(uuid5(NAMESPACE_URL, name)).upper()}}}">'
        f'<we:reference id="{STORE_ID}" version="1.0.0.0" store="en-US" storeType="OMEX"/>'
        f'<we:alternateReferences><we:reference id="{STORE_ID.upper()}" version="1.0.0.0" store="{STORE_ID.upper()}" '
        'storeType="OMEX"/></we:alternateReferences>'
        f"<we:properties>{properties}</we:properties><we:bindings/>"
        f'<we:snapshot xmlns:r="{DRAWING}"/></we:webextension>'
    )


def attribute(text: str) -> str:
    """A text as JSON inside an XML attribute, as Office writes settings."""
    return quoteattr(json.dumps(text, ensure_ascii=False).replace("/", "\\/"))
