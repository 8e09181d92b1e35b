"""The words of which thanks are made, in the languages that clients write."""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


THANKS = _listed(
    """
    merci mercis remercie remercions remerciements thx thanks thank thankyou ty tks cheers danke
    dankeschon dank gracias agradecido agradecida agradezco grazie ringrazio obrigado
    obrigada bedankt dankjewel dankuwel dziekuje dzieki dziekujemy tack tak takk kiitos dekuji
    dekujeme diky dakujem koszonom koszi multumesc mersi hvala spasibo спасибо благодарю дякую
    ευχαριστω tesekkurler tesekkur sagol gracies eskerrik blagodarya благодаря شكرا شكراً תודה
    """
)
"""Words that thank, without accents; one of them is needed."""

COMPANY = _listed(
    """
    a la le les l de vous toi tous toutes te et c est tres beaucoup infiniment encore mille bien
    pour tout ton votre cette aide reactivite rapidite efficacite travail intervention super
    parfait nickel top genial impeccable excellent cool ok d accord bonjour bonsoir salut hello
    bonne bon journee soiree weekend week end fin semaine cordialement cdt cdlt amicalement
    bravo equipe chef you very much so lot many all the team for your help guys again great
    perfect awesome lovely wonderful brilliant nice fine good job work day evening hi dear hey
    best regards kind have everyone everybody sehr schon schones tag perfekt euch ihnen dir fur
    ihre eure hilfe mit freundlichen grussen viele vielen liebe grusse hallo guten lg mfg muchas
    muchisimas mil por su tu ayuda saludos hola perfecto buen dia un abrazo todo tante molte per
    il tuo vostro aiuto buona giornata saluti ciao perfetto cordiali muito pela ajuda perfeito
    bom abs hartelijk wel u je voor hulp groet groeten hoi bardzo za pomoc pozdrawiam sa hjalpen
    mycket hej mvh hilsen mange tusind paljon moc pekny den большое огромное вам за помощь cok
    ederim جزيلا רבה
    """
)
"""Words that stand beside thanks and ask for nothing, without accents."""

HELP = _listed(
    """
    aide intervention travail reactivite rapidite efficacite help job work hilfe ayuda aiuto
    ajuda hulp pomoc hjalpen помощь
    """
)
BEFORE_HELP = _listed(
    """
    l votre ton de la cette pour the your for good great excellent ihre eure fur die deine por
    su tu il tuo vostro per pela voor je za за
    """
)
"""Help is thanked for, or asked for: it is thanked for after one of these words."""

PHRASES = (
    "ありがとう", "ありがとうございます", "ありがとうございました", "どうもありがとう",
    "どうもありがとうございます", "どうもありがとうございました",
    "谢谢", "谢谢你", "谢谢您", "非常感谢", "多谢",
    "謝謝", "謝謝你", "謝謝您", "非常感謝", "감사합니다", "고맙습니다", "감사드립니다",
    "ขอบคุณ", "ขอบคุณครับ", "ขอบคุณค่ะ", "धन्यवाद", "cảm ơn", "cảm ơn bạn",
)  # fmt: skip
"""Thanks of languages whose words are not parted by blanks, or mean something else one by one."""
