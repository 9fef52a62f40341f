"""Injection: formulas of functions put into a calculated package, in front of the values that stand there."""

import re
from collections.abc import Callable, Iterable
from xml.sax.saxutils import escape, quoteattr

from xlplan.addin.sheet import ArrayCall

Parts = dict[str, bytes]


def with_array_formulas(found: Parts, title: str, calls: Iterable[ArrayCall], spell: Callable[[str], str]) -> Parts:
    """The parts with every call in its area; ``spell`` gives the name of a function as the file stores it."""
    part = sheet_part(found, title)
    text = found[part].decode()
    for call in calls:
        area = call.area.replace("$", "")
        formula = escape(f"{spell(call.function)}({','.join(call.arguments)})")
        text = with_formula(text, area.partition(":")[0], f'<f t="array" ref="{area}">{formula}</f>')
    return found | {part: text.encode()}


def with_formula(text: str, cell: str, formula: str) -> str:
    """The sheet with the formula in one cell that holds a value or nothing. Raises ``ValueError`` for another cell."""
    pattern = re.compile(rf'<c r="{cell}"((?: [^>]*?)?)(?:/>|>(<v>[^<]*</v>)?</c>)')

    def filled(match: re.Match[str]) -> str:
        looks = re.sub(r' t="[^"]*"', "", match[1])
        if match[2]:
            return f'<c r="{cell}"{looks}>{formula}{match[2]}</c>'
        return f'<c r="{cell}"{looks} t="str">{formula}<v></v></c>'

    text, count = pattern.subn(filled, text)
    if count != 1:
        raise ValueError(f"{cell} does not hold one number")
    return text


def sheet_part(found: Parts, title: str) -> str:
    """Name of the part that holds a sheet. Raises ``ValueError`` where there is no such sheet."""
    sheets = re.findall(r"<sheet [^>]*?>", found["xl/workbook.xml"].decode())
    sheet = next((text for text in sheets if f"name={quoteattr(title)}" in text), "")
    id = re.search(r'r:id="([^"]+)"', sheet)
    relations = re.findall(r"<Relationship [^>]*?>", found["xl/_rels/workbook.xml.rels"].decode())
    target = next((text for text in relations if id and f'Id="{id[1]}"' in text), "")
    path = re.search(r'Target="/?([^"]+)"', target)
    if not path:
        raise ValueError(f"no sheet {title}")
    return path[1] if path[1].startswith("xl/") else f"xl/{path[1]}"


def retyped(found: Parts, part: str, content_type: str) -> Parts:
    """The parts with another content type for one of them."""
    types = found["[Content_Types].xml"].decode()
    pattern = rf'(<Override(?=[^>]*PartName="/{re.escape(part)}")[^>]*ContentType=")[^"]*'
    return found | {"[Content_Types].xml": re.sub(pattern, rf"\g<1>{content_type}", types).encode()}


def declared(found: Parts, part: str, content_type: str) -> Parts:
    """The parts with the content type of a new one."""
    entry = f'<Override PartName="/{part}" ContentType="{content_type}"/></Types>'
    types = found["[Content_Types].xml"].decode().replace("</Types>", entry)
    return found | {"[Content_Types].xml": types.encode()}
