"""A national chart of accounts as a ministry maps it: which account takes which cost lines; TOML to records."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xlplan.catalogue import templates_folder
from xlplan.funders.reading import record, spots_of
from xlplan.packfile import PackFile, Spot, one_of
from xlplan.plan import Row
from xlplan.problems import refuse
from xlplan.records import Catalogue

LISTS: Mapping[str, str] = {"category": "categories", "nature": "natures", "head": "heads", "grouping": "groupings"}
"""What an account may ask of a cost line, and the list of its words."""

LINE_LISTS: Mapping[str, str] = {"area": "areas", **LISTS}
"""What a cost line is chosen from lists, and which."""


@dataclass(frozen=True)
class Account:
    """One account; it takes the lines that have every word it gives, and ``rounding`` where it says so."""

    code: str
    label: str = ""
    category: str = ""
    nature: str = ""
    head: str = ""
    grouping: str = ""
    rounding: bool = False

    @property
    def asks(self) -> Mapping[str, str]:
        """What a line must have."""
        return {key: getattr(self, key) for key in LISTS if getattr(self, key)}

    def takes(self, line: Row) -> bool:
        return not self.rounding and all(line.get(key) == word for key, word in self.asks.items())


@dataclass(frozen=True)
class Accounts:
    """A mapping: the first account that takes a line has it; ``name`` is that of its file."""

    name: str
    accounts: tuple[Account, ...]

    def place(self, line: Row) -> int:
        """Place of the account of a line, 1 for the first, 0 where none takes it; one code has one place."""
        found = next((account for account in self.accounts if account.takes(line)), None)
        if found is None:
            return 0
        return next(n for n, account in enumerate(self.accounts, 1) if account is found or twins(account, found))

    @property
    def rounding(self) -> int:
        """Place of the account for rounding, 0 where there is none."""
        return next((n for n, account in enumerate(self.accounts, 1) if account.rounding), 0)

    def at(self, place: int) -> Account:
        """The account at a place; one without a code at 0."""
        return self.accounts[place - 1] if place else Account("")


def twins(one: Account, other: Account) -> bool:
    """Are they the same account, for two kinds of lines?"""
    return bool(one.code) and one.code == other.code


def blank_accounts() -> Path:
    """The mapping that is shipped: every category and nature, no code."""
    return templates_folder() / "funders" / "accounts" / "blank.toml"


def load_accounts(path: Path, catalogue: Catalogue) -> Accounts:
    """Read a mapping. Raises ``PlanError`` with each slip, its file and line."""
    file = PackFile(path)
    spots = spots_of(file, "account")
    accounts = tuple(record(spot, Account) for spot in spots)
    for spot in spots:
        for key in (key for key in LISTS if key in spot.raw):
            one_of(spot, key, spot.raw[key], catalogue.lists[LISTS[key]].ids)
    if not file.problems:
        refuse_unreached(spots, accounts)
    refuse(file.problems)
    return Accounts(path.name, accounts)


def refuse_unreached(spots: list[Spot], accounts: tuple[Account, ...]) -> None:
    """Note accounts that never get a line, since one before them takes whatever they ask for."""
    for number, (spot, account) in enumerate(zip(spots, accounts, strict=True)):
        before = next((other for other in accounts[:number] if hides(other, account)), None)
        if before:
            found = f"account {account.code!r} gets no line: {before.code!r} before it takes them all"
            spot.problem("code", found, "the narrower account first", "move it up or remove it")


def hides(before: Account, account: Account) -> bool:
    if before.rounding or account.rounding:
        return before.rounding and account.rounding
    return before.asks.items() <= account.asks.items()


def words_of(account: Account, labels: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """What an account asks for, in words."""
    for key, word in account.asks.items():
        yield labels[LISTS[key]][word]
