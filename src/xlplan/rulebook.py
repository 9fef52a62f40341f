"""The rule book: every rule with its meaning, unit, source, formula, worked case and readers."""

import inspect
import re
from difflib import get_close_matches

from xlplan.catalogue import load_catalogue
from xlplan.derived import Derived
from xlplan.model import Model, Quantity, load_model
from xlplan.rule import REGISTRY, Rule
from xlplan.translate import native_formula

WORKED = re.compile(r">>> (.+)\n\s*(.+)")


def rule_lines() -> list[tuple[str, str, str]]:
    """Id, label and unit of every rule."""
    units = load_catalogue().units
    return [(rule.id, rule.label, units[rule.unit].label) for rule in REGISTRY]


def explain(id: str) -> list[tuple[str, str]]:
    """The rule book entry of a rule or total, as heading and text.

    Raises ``KeyError`` with the nearest names for an unknown id.
    """
    model = load_model()
    if id not in model.quantities:
        near = ", ".join(get_close_matches(id, model.quantities, 3)) or "xlplan rules lists them all"
        raise KeyError(near)
    quantity = model[id]
    unit = load_catalogue().units[quantity.unit].label
    return [
        ("Name", id),
        ("Label", quantity.label),
        ("Unit", unit),
        ("One value", reach(quantity)),
        *filling(quantity, model),
    ]


def reach(quantity: Quantity) -> str:
    words = {"year": "year", "gate": "gate", "round": "assessment round", "funder": "funding source"}
    parts = [quantity.axis.rows or "", words.get(quantity.axis.columns or "", "")]
    return "per " + " and ".join(filter(None, parts)) if any(parts) else "for the plan"


def filling(quantity: Quantity, model: Model) -> list[tuple[str, str]]:
    readers = ", ".join(model.readers(quantity.id)) or "shown in the workbook"
    filler = quantity.filled_by
    if isinstance(filler, Rule):
        return [
            ("Meaning", filler.meaning),
            ("Formula", native_formula(filler, lambda name: f"[{model[name].label}]")),
            ("Reads", ", ".join(filler.parameters)),
            ("Worked case", worked_case(filler)),
            ("Source", source(filler.source)),
            ("Read by", readers),
        ]
    if isinstance(filler, Derived):
        meaning = (inspect.getdoc(type(filler)) or "").split("\n")[0]
        return [("Meaning", meaning), ("Reads", ", ".join(filler.inputs)), ("Read by", readers)]
    return [("Meaning", "typed by the planner or given by the templates"), ("Read by", readers)]


def worked_case(rule: Rule) -> str:
    found = WORKED.search(inspect.getdoc(rule.function) or "")
    return f"{found[1]} = {found[2]}" if found else ""


def source(id: str) -> str:
    found = load_catalogue().sources[id]
    return ". ".join(filter(None, (found.title, found.publisher, found.reason, found.address)))
