"""The rules of xlplan, one module a subject; linked by the names of their quantities, they never import each other."""

from importlib import import_module

MODULES = (
    "scenarios", "years", "prices", "schedule", "quantities", "devices", "training", "costs", "funding", "maturity",
    "readiness", "strengthening", "team", "ownership", "actuals", "findings",
)  # fmt: skip

for _name in MODULES:
    import_module(f"{__name__}.{_name}")
