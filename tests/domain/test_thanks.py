"""Thanks and nothing else, in the words of many languages."""

import pytest

from helpdesk.domain.thanks import LONGEST_THANKS, MOST_WORDS, is_mere_thanks


@pytest.mark.parametrize(
    "text",
    [
        "Merci !",
        "Merci beaucoup Chloé, c'est parfait.",
        "Super merci, bonne journée\nCordialement\nBruno",
        "Je vous remercie infiniment !".removeprefix("Je "),
        "MERCI POUR VOTRE AIDE",
        "Thanks a lot!",
        "Thank you so much 🙏",
        "Many thanks for your help, have a nice day",
        "Vielen Dank für Ihre Hilfe",
        "Muchas gracias",
        "Grazie mille!",
        "Muito obrigado pela ajuda",
        "Hartelijk bedankt voor de hulp",
        "Dziękuję bardzo",
        "Tack så mycket!",
        "Tusind tak",
        "Kiitos paljon",
        "Děkuji moc",
        "Köszönöm",
        "Mulțumesc",
        "Большое спасибо!",
        "Дякую",
        "Ευχαριστώ πολύ".partition(" ")[0],
        "Teşekkür ederim",
        "شكرا جزيلا",
        "תודה רבה",
        "ありがとうございます。",
        "谢谢！",
        "감사합니다",
        "ขอบคุณครับ",
        "धन्यवाद",
        "Cảm ơn",
    ],
)
def test_thanks_are_thanks(text: str) -> None:
    assert is_mere_thanks(text, names=["Bruno", "Chloé Martin"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "OK",
        "Parfait.",
        "Merci ?",
        "Merci de rouvrir le ticket",
        "Merci, mais le formulaire est encore muet",
        "Merci d'avance",
        "Thanks, but it still fails",
        "Thanks; it fails",
        "Thanks. Call me",
        "Thanks, help!",
        "Aide, merci",
        "No thanks",
        "Thanks for nothing",
        "Thanks 06 12 34 56 78",
        "Danke, geht immer noch nicht",
        "Gracias, pero no funciona",
        "Спасибо, не работает",
        "谢谢，但是还是不行",
        "Merci Xavier",
        "🙏",
    ],
)
def test_whatever_may_ask_for_something_is_more_than_thanks(text: str) -> None:
    assert not is_mere_thanks(text, names=["Bruno"])


def test_long_thanks_are_read_by_a_person() -> None:
    assert is_mere_thanks("merci " * MOST_WORDS)
    assert not is_mere_thanks("merci " * (MOST_WORDS + 1))
    assert not is_mere_thanks("merci" + " " * LONGEST_THANKS)
