"""What a package carries beside cells: macros, links to other files, embedded objects. Told, never opened."""

import re
from collections.abc import Iterator, Mapping

from xlplan.problems import Problem

MACRO, LINK, OBJECT = "a macro", "a link to another workbook", "an embedded object"
DDE, CALL, CONNECTION = "a live link to another program (DDE)", "a call of a program", "a connection to data elsewhere"
FORMULA = rb"<f[^>]*>[^<]*"
CALLS = (b"CALL(", b"EXEC(", b"REGISTER(", b"REGISTER.ID(", b"WEBSERVICE(", b"IMPORTXML(", b"IMPORTDATA(", b"DDE(")

CARRIED: tuple[tuple[str, re.Pattern[str]], ...] = (
    (MACRO, re.compile(r"vbaproject|vbadata|/macrosheets/|/dialogsheets/|(^|/)(basic|scripts)/")),
    (LINK, re.compile(r"/externallinks/")),
    (OBJECT, re.compile(r"/embeddings/|/activex/|/ctrlprops/|oleobject")),
    (CONNECTION, re.compile(r"/connections\.xml|/querytables/|/webextensions/|/customdata/|/model/")),
)
"""What it is, by the names of its parts."""

WRITTEN: tuple[tuple[str, tuple[bytes, ...], re.Pattern[bytes]], ...] = (
    (MACRO, (b"macroEnabled", b"script"), re.compile(rb"macroEnabled|<office:scripts>\s*<|<script:event-listener")),
    (DDE, (b"ddeLink", b"-dde-", b"|"), re.compile(rb"<ddeLink\b|<t\w+:dde-|" + FORMULA + rb"\|[^<]*!")),
    (OBJECT, (b"oleLink", b"oleObject", b"object-ole"), re.compile(rb"<oleLink\b|<oleObject\b|<draw:object-ole\b")),
    (CALL, CALLS, re.compile(rb"(?:<f[^>]*>|of:=)[^<\"]*\b(?:" + b"|".join(CALLS).replace(b"(", rb"\(") + rb")")),
    (LINK, (b"[", b"'file:", b"'http", b"table-source"),
     re.compile(FORMULA + rb"\[\d+\][^<]*!|of:=[^\"]*'(?:file|https?):|<table:table-source")),
)  # fmt: skip
"""What it is, by how it is written in markup; only where one of the words stands is the pattern tried."""

OUTSIDE = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")
PAGE = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
TARGET = re.compile(rb"Target\s*=\s*[\"']([^\"']*)")
HARMLESS = (b"https://", b"http://", b"mailto:", b"#")

REMEDY = "nothing of it was run or opened; ask the sender why it is there, or make a clean copy with xlplan share"


def carried(file: str, parts: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """One note for each kind of thing that a planner's workbook does not need."""
    found = dict.fromkeys((*by_name(parts), *by_markup(parts), *by_relation(parts), *by_object(parts)))
    return tuple(Problem(f"{file}, {part}", what, "cells, formulas and charts only", REMEDY) for what, part in found)


def by_name(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for what, pattern in CARRIED:
        part = next((name for name in parts if pattern.search(name.lower())), None)
        if part:
            yield what, part


def by_markup(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    texts = [(name, text) for name, text in parts.items() if name.endswith((".xml", ".vml"))]
    for what, words, pattern in WRITTEN:
        likely = ((name, text) for name, text in texts if any(word in text for word in words))
        part = next((name for name, text in likely if pattern.search(text)), None)
        if part:
            yield what, part


def by_relation(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Relations that lead out of the package, but for links to web pages that a person may click."""
    for name, text in parts.items():
        if name.endswith(".rels"):
            for relation in OUTSIDE.findall(text):
                target = TARGET.search(relation)
                if not (PAGE.search(relation) and target and target[1].startswith(HARMLESS)):
                    yield "a link to another file", name


def by_object(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Objects in an OpenDocument file that are no charts."""
    objects = (name for name in parts if re.fullmatch(r"Object \d+/content\.xml", name))
    for name in objects:
        if b"<office:chart" not in parts[name]:
            yield "an embedded object", name
