"""Words of drop-downs and the ids they stand for, in the workbook's own language or another."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from xlplan.catalogue import load_catalogue
from xlplan.problems import Problem
from xlplan.records import Area, Catalogue, Domain, Field
from xlplan.words import LANGUAGES

Labels = Callable[[str], Iterable[tuple[str, str]]]


class Wording:
    """Ids of the words in one workbook; ``labels`` gives name and id of the rows of a table."""

    def __init__(self, catalogue: Catalogue, labels: Labels, language: str) -> None:
        self.catalogue, self.labels, self.language = catalogue, labels, language
        self.notes: list[Problem] = []
        self.known: dict[str, Mapping[str, str]] = {}

    def id_of(self, field: Field, value: Any, where: str) -> Any:
        """Id of a word; what no language has stays as it is."""
        if value is None or isinstance(value, (bool, int, float)):
            return value
        key = str(value).casefold()
        if key in (own := self.options(field.list)):
            return own[key]
        for language in LANGUAGES:
            other = fixed_words(load_catalogue(self.catalogue.template, language), field.list)
            if key in other:
                words = f"the word {value!r} of another language ({language})", f"the words of {self.language}"
                self.notes.append(Problem(where, *words, "choose from the list, or translate the whole workbook"))
                return other[key]
        return value

    def options(self, list: str) -> Mapping[str, str]:
        if list not in self.known:
            self.known[list] = self.words(list)
        return self.known[list]

    def words(self, list: str) -> Mapping[str, str]:
        fixed = fixed_words(self.catalogue, list)
        if list in self.catalogue.lists or list == "items":
            return fixed
        if list == "series":
            measures = self.catalogue.lists["course_series"].entries
            colon = next(entry.label for entry in self.catalogue.lists["words"].entries if entry.id == "colon")
            courses = tuple(self.labels("courses"))
            needs = {f"{label}{colon}{m.label}": f"{id}-{m.id}" for label, id in courses for m in measures}
            return folded(needs | dict(self.labels("drivers")))
        return {**fixed, **folded(dict(self.labels("programmes" if list == "areas" else list)))}


def fixed_words(catalogue: Catalogue, list: str) -> Mapping[str, str]:
    """Words of a list that no planner adds to."""
    if list in catalogue.lists:
        return folded({entry.label: entry.id for entry in catalogue.lists[list].entries})
    if list == "items":
        return folded({item.label: item.id for item in catalogue.items.values()})
    if list == "foundations":
        return folded({domain.label: domain.id for domain in catalogue.band_domains("foundation")})
    if list == "areas":
        areas: tuple[Domain | Area, ...] = (*catalogue.band_domains("foundation"), *catalogue.areas.values())
        return folded({area.label: area.id for area in areas})
    return {}


def folded(words: Mapping[str, str]) -> Mapping[str, str]:
    return {label.casefold(): id for label, id in words.items()}
