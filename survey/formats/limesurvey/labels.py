"""Words that LimeSurvey supplies itself, so that its files do not hold them: yes, no, other and their like."""

from __future__ import annotations

from collections.abc import Iterable

_HEAD = "yes|no|uncertain|female|male|increase|same|decrease|other|comment|agree|decline|check|unanswered"
NAMES = tuple(_HEAD.split("|"))
_LABELS = {
    "en": """Yes|No|Uncertain|Female|Male|Increase|Same|Decrease|Other|Comment|I agree
        I do not agree|Please check this answer: it does not fit.|This is not answered yet. Go on without it?""",
    "zh-Hans": """是|否|不确定|女|男|增加|不变|减少|其他|说明|我同意
        我不同意|请检查此处的回答，它不符合要求。|此题尚未作答，是否继续？""",
    "zh-Hant": """是|否|不確定|女|男|增加|不變|減少|其他|說明|我同意
        我不同意|請檢查此處的回答，它不符合要求。|此題尚未作答，是否繼續？""",
    "de": """Ja|Nein|Unsicher|Weiblich|Männlich|Zunahme|Gleichbleibend|Abnahme|Sonstiges|Anmerkung|Ich stimme zu
        Ich stimme nicht zu|Bitte diese Antwort prüfen: Sie passt nicht.|Hier fehlt eine Antwort. Trotzdem weiter?""",
    "fr": """Oui|Non|Incertain|Féminin|Masculin|Augmenter|Sans changement|Diminuer|Autre|Commentaire|J'accepte
        Je n'accepte pas|Merci de vérifier cette réponse : elle ne convient pas.|Il manque une réponse. Continuer ?""",
    "it": """Sì|No|Incerto|Femmina|Maschio|Aumenta|Uguale|Diminuisce|Altro|Commento|Accetto
        Non accetto|Controllare questa risposta: non è adatta.|Manca una risposta. Continuare lo stesso?""",
    "es": """Sí|No|Dudoso|Femenino|Masculino|Aumentar|Igual|Disminuir|Otro|Comentario|Acepto
        No acepto|Revise esta respuesta: no es válida.|Falta una respuesta. ¿Continuar de todos modos?""",
    "pt": """Sim|Não|Incerto|Feminino|Masculino|Aumentar|Igual|Diminuir|Outro|Comentário|Concordo
        Não concordo|Verifique esta resposta: ela não serve.|Falta uma resposta. Continuar mesmo assim?""",
    "nl": """Ja|Nee|Onzeker|Vrouw|Man|Toename|Gelijk|Afname|Anders|Opmerking|Ik ga akkoord
        Ik ga niet akkoord|Controleer dit antwoord: het past niet.|Hier ontbreekt een antwoord. Toch verder?""",
    "pl": """Tak|Nie|Nie wiem|Kobieta|Mężczyzna|Wzrost|Bez zmian|Spadek|Inne|Komentarz|Zgadzam się
        Nie zgadzam się|Proszę sprawdzić tę odpowiedź: nie pasuje.|Brakuje odpowiedzi. Kontynuować mimo to?""",
    "hr": """Da|Ne|Nisam siguran|Žensko|Muško|Povećanje|Isto|Smanjenje|Drugo|Komentar|Slažem se
        Ne slažem se|Provjerite ovaj odgovor: ne odgovara.|Nedostaje odgovor. Svejedno nastaviti?""",
    "ru": """Да|Нет|Не уверен(а)|Женский|Мужской|Увеличить|Без изменений|Уменьшить|Другое|Комментарий|Согласен(на)
        Не согласен(на)|Проверьте этот ответ: он не подходит.|Здесь нет ответа. Продолжить без него?""",
    "tr": """Evet|Hayır|Emin değilim|Kadın|Erkek|Artış|Aynı|Azalış|Diğer|Yorum|Kabul ediyorum
        Kabul etmiyorum|Lütfen bu yanıtı kontrol edin: uygun değil.|Burada yanıt yok. Yine de devam edilsin mi?""",
    "ar": """نعم|لا|غير متأكد|أنثى|ذكر|زيادة|كما هو|نقصان|أخرى|تعليق|أوافق
        لا أوافق|يرجى مراجعة هذه الإجابة، فهي غير مناسبة.|لا توجد إجابة هنا. هل تريد المتابعة دونها؟""",
    "ja": """はい|いいえ|わからない|女性|男性|増加|同じ|減少|その他|コメント|同意します
        同意しません|この回答をご確認ください。条件に合っていません。|未回答です。このまま進みますか？""",
    "ko": """예|아니요|잘 모르겠음|여성|남성|증가|동일|감소|기타|의견|동의합니다
        동의하지 않습니다|이 답변을 확인해 주세요. 조건에 맞지 않습니다.|아직 답하지 않았습니다. 그래도 계속할까요?""",
}
LABELS = {
    tag: dict(zip(NAMES, (word.strip() for line in words.splitlines() for word in line.split("|")), strict=True))
    for tag, words in _LABELS.items()
}


def label(name: str, tag: str) -> str:
    """One of these words in the nearest language there is, English at last."""
    return LABELS[_nearest(tag) or "en"][name]


def unknown_languages(tags: Iterable[str]) -> list[str]:
    """The languages in which these words are not known."""
    return [tag for tag in tags if _nearest(tag) is None]


def _nearest(tag: str) -> str | None:
    first = tag.split("-")[0]
    if first == "zh":
        is_traditional = any(mark in tag for mark in ("Hant", "TW", "HK", "MO"))
        return "zh-Hant" if is_traditional else "zh-Hans"
    return first if first in LABELS else None
