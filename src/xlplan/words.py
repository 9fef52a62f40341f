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

    >>> Words("fr", {"Costs": "Coûts"})("Costs")
    'Coûts'
    """

    language: str = "en"
    translations: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __call__(self, text: str) -> str:
        """The text in this language."""
        return self.translations.get(text, text) if text else text


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
