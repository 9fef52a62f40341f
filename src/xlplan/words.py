"""Words in other languages: gettext catalogues (``locale/xx.po``), read through Babel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from xlplan.problems import PlanError, Problem

LANGUAGES: Mapping[str, str] = {"en": "English", "fr": "Français", "pt": "Português"}
"""Languages of a workbook: code and own name; English is the language of the templates.

A language is added here once ``locale/code.po`` translates every text.
"""


@dataclass(frozen=True)
class Words:
    """What a text is in one language; a text without translation stays as it is.

    ``wording`` is what a template pack says instead of a text, before it is translated.

    >>> Words("fr", {"Costs": "Coûts"})("Costs")
    'Coûts'
    >>> Words("fr", {"Offices": "Bureaux"}, {"Facilities": "Offices"})("Facilities")
    'Bureaux'
    """

    language: str = "en"
    translations: Mapping[str, str] = field(default_factory=dict, repr=False)
    wording: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __call__(self, text: str) -> str:
        """The text in this language, as the pack words it."""
        own = self.wording.get(text, text)
        return self.translations.get(own, own) if own else own


@cache
def load_words(folder: Path, language: str) -> Words:
    """Words of ``folder/locale/language.po``. Raises ``PlanError`` for a language that there is not."""
    if language == "en":
        return Words()
    from babel.messages.pofile import read_po

    path = folder / "locale" / f"{language}.po"
    try:
        with path.open("rb") as stream:
            messages = read_po(stream, locale=language)
    except OSError as error:
        expected = f"one of {', '.join(LANGUAGES)}"
        raise PlanError([Problem(path.name, f"no language {language!r}", expected, "choose another")]) from error
    return Words(language, {str(m.id): str(m.string) for m in messages if m.id and m.string and not m.fuzzy})
