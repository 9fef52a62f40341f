"""The markup of a package, looked at as bytes before any parser sees it."""

import re
from collections.abc import Iterator, Mapping

XML_ENDINGS = (".xml", ".rels", ".vml")
LONGEST_REMARK, LONGEST_TAG = 4096, 65_536
"""Bytes of a comment, instruction or unparsed section, and of a tag; parsers take the square of their length."""

LONG_TAG = re.compile(rb"<[^<>]{%d}" % LONGEST_TAG)
ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
PLAIN = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
REMARKS = ((b"<!--", b"-->"), (b"<?", b"?>"), (b"<![CDATA[", b"]]>"))
OTHER_CODES = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<", b"\x00\x00", b"+/v", b"\x4c\x6f\xa7\x94")
"""How text begins that is not UTF-8: a mark or a tag in two bytes a character, UTF-7, EBCDIC."""

SOURCES = "xl/webextensions/"
"""The lite edition keeps its functions in one long attribute there; no parser of ours is given these parts."""


def unsafe_markup(parts: Mapping[str, bytes]) -> Iterator[str]:
    """What no parser should be given, one sentence a part."""
    for name, part in parts.items():
        if not name.startswith(SOURCES) and is_markup(name, part) and (reason := fault(part)):
            yield f"{reason} in {name}"


def is_markup(name: str, part: bytes) -> bool:
    return name.lower().endswith(XML_ENDINGS) or part[:64].lstrip().startswith((b"<", b"\xef\xbb\xbf<"))


def fault(part: bytes) -> str:
    """The first thing that is wrong, or nothing."""
    encoding = ENCODING.search(part[:300])
    if part.startswith(OTHER_CODES) or (encoding and encoding[1].lower() not in PLAIN):
        return "text that is not UTF-8"
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        return "a document type or entity"
    if any(longest_between(part, *marks) > LONGEST_REMARK for marks in REMARKS):
        return "a comment or instruction of great length"
    return "a tag of great length" if has_stretch(part) and LONG_TAG.search(part) else ""


def has_stretch(part: bytes) -> bool:
    """Is there a stretch without the end or beginning of a tag, so long that the search for one is worth its time?"""
    step = LONGEST_TAG // 2
    starts = range(0, len(part) - step + 1, step)
    return any(part.find(b">", at, at + step) < 0 and part.find(b"<", at, at + step) < 0 for at in starts)


def longest_between(part: bytes, opening: bytes, closing: bytes) -> int:
    """Bytes of the longest stretch between two marks; one without end counts to the end of the part."""
    longest, place = 0, part.find(opening)
    while place >= 0:
        end = part.find(closing, place + len(opening))
        last = len(part) if end < 0 else end
        longest, place = max(longest, last - place), part.find(opening, last)
    return longest
