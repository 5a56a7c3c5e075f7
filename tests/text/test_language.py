"""Other languages are recognised; English texts are never taken for one. All texts are invented."""

from __future__ import annotations

import pytest

from quotes.extractor import mark
from quotes.text.language import FEWEST_LETTERS, language_of

FRENCH = (
    "Le maire de Lowmarsh, Tobias Renn, a déclaré lundi que la jetée serait reconstruite "
    "avant le printemps. Les habitants attendaient sous la pluie depuis le matin, et personne"
    " n’a applaudi quand il est sorti."
)
ENGLISH = (
    "The mayor of Lowmarsh, Tobias Renn, said on Monday that the pier would be rebuilt before"
    " spring. People had been waiting in the rain since morning, and nobody clapped when he "
    "came out."
)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", FRENCH),
        ("fr", FRENCH + " « Nous n’avons pas le choix », a-t-il dit."),
        (
            "de",
            (
                "Der Bürgermeister von Lowmarsh sagte am Montag, die Seebrücke werde noch vor dem "
                "Frühling neu gebaut. Die Leute warteten seit dem Morgen im Regen, und niemand klatschte,"
                " als er herauskam. „Das war’s“, sagte er."
            ),
        ),
        (
            "pt",
            (
                "O presidente da câmara de Lowmarsh disse na segunda-feira que o cais será reconstruído "
                "antes da primavera. As pessoas esperavam à chuva desde a manhã, e ninguém aplaudiu "
                "quando ele saiu do edifício."
            ),
        ),
        (
            "es",
            (
                "El alcalde de Lowmarsh dijo el lunes que el muelle será reconstruido antes de la "
                "primavera. La gente esperaba bajo la lluvia desde la mañana, y nadie aplaudió cuando "
                "salió del ayuntamiento."
            ),
        ),
        (
            "it",
            (
                "Il sindaco di Lowmarsh ha detto lunedì che il molo sarà ricostruito prima della "
                "primavera. La gente aspettava sotto la pioggia dal mattino, e nessuno ha applaudito "
                "quando è uscito dal municipio."
            ),
        ),
        (
            "nl",
            (
                "De burgemeester van Lowmarsh zei maandag dat de pier nog voor het voorjaar wordt "
                "herbouwd. De mensen stonden al sinds de ochtend in de regen, en niemand klapte toen hij "
                "naar buiten kwam."
            ),
        ),
        (
            "pl",
            (
                "Burmistrz Lowmarsh powiedział w poniedziałek, że molo zostanie odbudowane przed wiosną. "
                "Ludzie czekali w deszczu od rana i nikt nie klaskał, kiedy wyszedł z ratusza."
            ),
        ),
        (
            "ru",
            (
                "Мэр города сказал в понедельник, что причал будет восстановлен до весны. Люди с утра "
                "ждали под дождём, и никто не аплодировал, когда он вышел из здания."
            ),
        ),
        (
            "ja",
            (
                "市長は月曜日、桟橋は春までに再建されると述べた。人々は朝から雨の中で待っていたが"
                "、市長が出てきたとき、誰も拍手をしなかった。市長は何も言わずに車に乗り、そのまま"
                "港へ向かった。港では漁師たちが網を直しながら、桟橋がいつ完成するのかを静かに話し"
                "合っていた。"
            ),
        ),
    ],
)
def test_another_language_is_recognised(language: str, text: str) -> None:
    assert language_of(mark(text)) == language
    assert language_of(mark(f"{text}\n\n“{ENGLISH}”")) == language, "the writer's words decide"


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        f"{ENGLISH}\n\n“{FRENCH} {FRENCH} {FRENCH}”",
        f"{ENGLISH}\n\n« {FRENCH} » he read. {ENGLISH}",
        FRENCH[: FEWEST_LETTERS - 10],
        "",
        (
            "Quill 45, Renn 90, Brody 12, Finch 33, Tarn 61, Fenwick 27, Vale 88, Wick 74, Larch 52, "
            "Tull 19, Orme 66, Farr 71, Dace 80, Lunn 38, Blyth 22, Grane 95, Penhale 47, Marsh 59"
        ),
        (
            "Full time: Lowmarsh 2, Caldross 1. Port Ellery 0, Gannet Head 0. Salt Quay 3, Ferry Town"
            " 3. Postponed: two."
        ),
        (
            "https://news.example/port-ellery/pier https://news.example/lowmarsh/dam "
            "https://news.example/caldross/choir https://news.example/gannet-head/light "
            "https://news.example/salt-quay/ferry"
        ),
        (
            "body { width: 100%; height: 120px; } .image { float: left; margin-right: 15px; } .text {"
            " font-size: 15px; line-height: 20px; padding-bottom: 10px; border-top: 1px solid; }"
        ),
        (
            "When shall we three meet again? In thunder, lightning, or in rain? Where goes my lord so"
            " late? Hush, sir, hush! Come, good Renn; speak, sweet Ada, else I die!"
        ),
    ],
)
def test_english_and_what_cannot_be_told(text: str) -> None:
    assert language_of(mark(text)) is None
