"""What is said about documents that aren't in English."""

from __future__ import annotations

from collections import Counter

from quotes.cli.messages import message

# So many documents are named one by one; of the rest, only their number is said.
_MOST_NAMED = 20

# The languages of most newspapers, by their codes in ISO 639.
_NAMES = {
    "af": "Afrikaans", "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech",
    "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish", "et": "Estonian", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian",
    "lv": "Latvian", "ms": "Malay", "nl": "Dutch", "no": "Norwegian", "nb": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sr": "Serbian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def language_name(code: str) -> str:
    """The English name of a language: "French" for "fr"; of a rarer one, its code in quotation marks."""
    return _NAMES.get(code, f"“{code}”")


class LeftOut:
    """Reports the documents that are left out because of their language."""

    def __init__(self) -> None:
        self._named = 0

    def report(self, doc_id: str, language: str) -> None:
        """Name a document, unless twenty were named."""
        self._named += 1
        if self._named <= _MOST_NAMED:
            message(
                f"{doc_id}: this seems to be {language_name(language)}, not English. It is left out; "
                "--any-language extracts it as if it were English."
            )

    def summarize(self, languages: Counter[str]) -> None:
        """Say how many there were, if not all were named."""
        if languages.total() > min(self._named, _MOST_NAMED):
            counts = ", ".join(f"{language_name(code)} {n:,}" for code, n in languages.most_common())
            message(
                f"Not English, and left out: {languages.total():,} documents ({counts}). "
                "--any-language extracts them as if they were English."
            )
