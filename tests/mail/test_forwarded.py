"""A mail that was passed on names who wrote it, and is never cut."""

from datetime import UTC, datetime

import pytest

from helpdesk.domain.inbound_email import Address, ForwardedMail
from helpdesk.mail.parse import parse_email
from tests.mail.mails import HEAD, a_mail, a_multipart, a_page, a_text

FORWARD = HEAD.replace("Le site est lent", "TR : Le site est lent")


def test_an_attached_message_names_its_sender() -> None:
    inner = "Content-Type: message/rfc822\n\nFrom: =?utf-8?Q?Chlo=C3=A9?= <c@autre.example>\n\nx"

    email = parse_email(a_multipart("mixed", a_text("À traiter."), inner, head=FORWARD))

    assert email.forwarded_from == Address("Chloé", "c@autre.example")


def test_a_gmail_forward_in_french_names_its_sender_and_keeps_all() -> None:
    text = (
        "Peux-tu regarder ?\n\n---------- Forwarded message ---------\n"
        "De : Chloé Petit <chloe@autre.example>\nDate: lun. 2 mars 2026 à 09:00\n"
        "Subject: Le site est lent\nTo: Bruno <bruno@client.example>\n\nLe site est lent."
    )

    email = parse_email(a_mail(text, head=HEAD.replace("Le site", "Fwd: Le site")))

    assert email.forwarded_from == Address("Chloé Petit", "chloe@autre.example")
    assert email.reply_text == text


def test_an_outlook_forward_is_known_by_its_subject() -> None:
    text = (
        "Pour vous.\n\nDe : Chloé Petit [mailto:chloe@autre.example]\n"
        "Envoyé : lundi 2 mars 2026 09:00\nÀ : Bruno Martin\nObjet : Le site est lent\n\nBonjour,"
    )

    email = parse_email(a_mail(text, head=FORWARD))

    assert email.forwarded_from == Address("Chloé Petit", "chloe@autre.example")
    assert email.reply_text == text


def test_an_answer_that_quotes_a_forward_is_no_forward() -> None:
    text = (
        "Merci.\n\nLe 2 mars 2026 à 09:12, Alice <alice@agence.example> a écrit :\n"
        "> ---------- Forwarded message ---------\n> De : C <c@autre.example>\n"
    )

    email = parse_email(a_mail(text, more="In-Reply-To: <x@agence.example>\n"))

    assert email.forwarded_from is None
    assert email.reply_text == "Merci."


def test_an_answer_with_an_attached_mail_is_no_forward() -> None:
    inner = "Content-Type: message/rfc822\n\nFrom: c@autre.example\n\nx"

    raw = a_multipart(
        "mixed", a_text("Voici."), inner, head=f"{HEAD}In-Reply-To: <x@agence.example>\n"
    )

    assert parse_email(raw).forwarded_from is None


def test_a_forward_without_a_readable_sender_names_nobody() -> None:
    email = parse_email(a_mail("Voir ci-dessous.\n\nDe : Chloé\n", head=FORWARD))

    assert email.forwarded_from is None


def test_a_long_mail_called_forward_is_searched_only_at_its_top() -> None:
    text = "ligne\n" * 200 + "De : c@autre.example\n"

    assert parse_email(a_mail(text, head=FORWARD)).forwarded_from is None


CHLOE = Address("Chloé Petit", "chloe@autre.example")
# the forwarder's program retells 09:05 in his zone, two hours before UTC
MOMENT = datetime(2026, 5, 3, 7, 5, tzinfo=UTC)


def passed_on(subject: str, text: str) -> ForwardedMail | None:
    head = HEAD.replace("Le site est lent", subject).replace(
        "Mon, 02 Mar 2026 09:00:00 +0100", "Sun, 03 May 2026 10:00:00 +0200"
    )
    raw = a_mail(text, head=head) if "<div>" not in text else f"{head}{a_page(text)}".encode()
    return parse_email(raw).forwarded


@pytest.mark.parametrize(
    ("subject", "block"),
    [
        pytest.param(
            "Fwd: Panne",
            "---------- Forwarded message ---------\nDe : Chloé Petit <chloe@autre.example>\n"
            "Date: dim. 3 mai 2026 à 09:05\nSubject: Panne\nTo: Bruno <b@client.example>",
            id="gmail fr",
        ),
        pytest.param(
            "Tr : Panne",
            "Début du message transféré :\n\nDe: Chloé Petit <chloe@autre.example>\n"
            "Date: 3 mai 2026 à 09:05:00 UTC+2\nÀ: b@client.example\nObjet: Panne",
            id="apple fr",
        ),
        pytest.param(
            "TR: Panne",
            "-----Message d'origine-----\nDe : Chloé Petit [mailto:chloe@autre.example]\n"
            "Envoyé : dimanche 3 mai 2026 09:05\nÀ : Bruno\nObjet : Panne",
            id="old outlook fr",
        ),
        pytest.param(
            "TR: Panne",
            "________________________________\n*De :* Chloé Petit <chloe@autre.example>\n"
            "*Envoyé :* dimanche 3 mai 2026 09:05\n*À :* Bruno <b@x.example>;\n"
            "    Alice <a@x.example>\n*Objet :* Panne",
            id="outlook fr",
        ),
        pytest.param(
            "FW: Panne",
            "From: Chloé Petit <chloe@autre.example>\nSent: Sunday, May 3, 2026 9:05 AM\n"
            "To: Bruno\nSubject: Panne",
            id="outlook en",
        ),
        pytest.param(
            "Fw: Panne",
            "----- Forwarded by Bruno Martin/FR/Client on 03/05/2026 09:10 -----\n\n"
            "From: Chloé Petit <chloe@autre.example>\nTo: b@client.example\n"
            "Date: 03/05/2026 09:05\nSubject: Panne",
            id="notes",
        ),
        pytest.param(
            "WG: Panne",
            "Von: Chloé Petit <chloe@autre.example>\nGesendet: Sonntag, 3. Mai 2026 09:05\n"
            "An: Bruno\nBetreff: Panne",
            id="outlook de",
        ),
        pytest.param(
            "Fwd: Panne",
            "-------- Mensaje reenviado --------\nAsunto: \tPanne\n"
            "Fecha: \tSun, 3 May 2026 09:05:00 +0200\nDe: \tChloé Petit <chloe@autre.example>\n"
            "Para: \tBruno",
            id="thunderbird es",
        ),
        pytest.param(
            "I: Panne",
            "Da: Chloé Petit <chloe@autre.example>\nInviato: domenica 3 maggio 2026 09:05\n"
            "A: Bruno\nOggetto: Panne",
            id="it",
        ),
        pytest.param(
            "ENC: Panne",
            "De: Chloé Petit <chloe@autre.example>\n"
            "Enviada em: domingo, 3 de maio de 2026 09:05\nPara: Bruno\nAssunto: Panne",
            id="pt",
        ),
        pytest.param(
            "Fwd: Panne",
            "Van: Chloé Petit <chloe@autre.example>\nVerzonden: zondag 3 mei 2026 09:05\n"
            "Aan: Bruno\nOnderwerp: Panne",
            id="nl",
        ),
        pytest.param(
            "VB: Panne",
            "Från: Chloé Petit <chloe@autre.example>\nSkickat: den 3 maj 2026 09:05\n"
            "Till: Bruno\nÄmne: Panne",
            id="sv",
        ),
        pytest.param(
            "VL: Panne",
            "Lähettäjä: Chloé Petit <chloe@autre.example>\n"
            "Lähetetty: sunnuntai 3. toukokuuta 2026 9.05\nVastaanottaja: Bruno\nAihe: Panne",
            id="fi",
        ),
        pytest.param(
            "PD: Panne",
            "Od: Chloé Petit <chloe@autre.example>\nWysłano: niedziela, 3 maja 2026 09:05\n"
            "Do: Bruno\nTemat: Panne",
            id="pl",
        ),
        pytest.param(
            "FW: Panne",
            "Od: Chloé Petit <chloe@autre.example>\nOdesláno: neděle 3. května 2026 9:05\n"
            "Komu: Bruno\nPředmět: Panne",
            id="cs",
        ),
        pytest.param(
            "FW: Panne",
            "Feladó: Chloé Petit <chloe@autre.example>\n"
            "Elküldve: 2026. május 3., vasárnap 9:05\nCímzett: Bruno\nTárgy: Panne",
            id="hu",
        ),
        pytest.param(
            "FW: Panne",
            "Από: Chloé Petit <chloe@autre.example>\nΣτάλθηκε: Κυριακή, 3 Μαΐου 2026 9:05\n"
            "Προς: Bruno\nΘέμα: Panne",
            id="el",
        ),
        pytest.param(
            "İLT: Panne",
            "Kimden: Chloé Petit <chloe@autre.example>\nGönderildi: 3 Mayıs 2026 Pazar 09:05\n"
            "Kime: Bruno\nKonu: Panne",
            id="tr",
        ),
        pytest.param(
            "Fwd: Panne",
            "---------- Forwarded message ---------\nОт: Chloé Petit <chloe@autre.example>\n"
            "Дата: вс, 3 мая 2026 г. в 09:05\nТема: Panne\nКому: Bruno",
            id="ru",
        ),
        pytest.param(
            "Fwd: Panne",
            "-------- Пересылаемое сообщение --------\n"
            '03.05.2026, 09:05, "Chloé Petit" <chloe@autre.example>:',
            id="yandex",
        ),
        pytest.param(
            "FW: Panne",
            "מאת: Chloé Petit <chloe@autre.example>\nנשלח: יום ראשון 3 מאי 2026 09:05\n"
            "אל: Bruno\nנושא: Panne",
            id="he",
        ),
        pytest.param(
            "FW: Panne",
            "من: Chloé Petit <chloe@autre.example>\nتاريخ الإرسال: 03/05/2026 09:05\n"
            "إلى: Bruno\nالموضوع: Panne",
            id="ar",
        ),
        pytest.param(
            "转发: Panne",
            "发件人: Chloé Petit <chloe@autre.example>\n发送时间: 2026年5月3日 9:05\n"
            "收件人: Bruno\n主题: Panne",
            id="zh",
        ),
        pytest.param(
            "転送: Panne",
            "---------- 転送メッセージ ---------\n差出人: Chloé Petit <chloe@autre.example>\n"
            "日時: 2026年5月3日 9:05\n件名: Panne\n宛先: Bruno",
            id="ja",
        ),
        pytest.param(
            "FW: Panne",
            "보낸 사람: Chloé Petit <chloe@autre.example>\n"
            "보낸 날짜: 2026년 5월 3일 일요일 오전 9:05\n받는 사람: Bruno\n제목: Panne",
            id="ko",
        ),
    ],
)
def test_what_was_passed_on_is_told_apart_in_many_languages(subject: str, block: str) -> None:
    mail = passed_on(subject, f"Peux-tu regarder ?\n\n{block}\n\nLe site est lent.")

    assert mail == ForwardedMail(
        sender=CHLOE,
        sent_at=MOMENT,
        subject="Panne",
        text="Le site est lent.",
        own_words="Peux-tu regarder ?",
    )


def test_a_block_behind_quote_marks_is_read_and_its_mail_unquoted() -> None:
    text = (
        '> Message du 03/05/26 09:05\n> De : "Chloé Petit" <chloe@autre.example>\n'
        "> A : b@client.example\n> Copie à : \n> Objet : Panne\n> \n> Le site est lent.\n> > oui"
    )

    mail = passed_on("TR: Panne", f"Vu.\n\n{text}")

    assert mail == ForwardedMail(
        sender=CHLOE,
        sent_at=MOMENT,
        subject="Panne",
        text="Le site est lent.\n> oui",
        own_words="Vu.",
    )


def test_an_original_quoted_below_its_block_is_unquoted() -> None:
    text = (
        "------- Forwarded Message -------\nDe : Chloé Petit <chloe@autre.example>\n"
        "Date : Le dimanche 3 mai 2026 à 09:05\nObjet : Panne\n\n> Le site est lent.\n> Merci."
    )

    mail = passed_on("Fw: Panne", text)

    assert mail is not None
    assert mail.text == "Le site est lent.\nMerci."


def test_a_page_with_a_quoted_forward_is_read() -> None:
    page = (
        '<div>Voir.<br><blockquote type="cite"><div>Début du message transféré :</div><br>'
        "<div><b>De: </b>Chloé Petit &lt;chloe@autre.example&gt;</div>"
        "<div><b>Date: </b>3 mai 2026 à 09:05:00 UTC+2</div><div><b>Objet: </b>Panne</div><br>"
        "<div>Le site est lent.</div></blockquote></div>"
    )

    mail = passed_on("Fwd: Panne", page)

    assert mail is not None
    assert (mail.sender, mail.sent_at) == (CHLOE, MOMENT)
    assert (mail.text, mail.own_words) == ("Le site est lent.", "Voir.")


def test_an_enclosed_mail_is_told_whole() -> None:
    inner = (
        "Content-Type: message/rfc822\n\nFrom: =?utf-8?Q?Chlo=C3=A9_Petit?= <chloe@autre.example>\n"
        "Date: Sun, 3 May 2026 09:05:00 +0200\nSubject: Panne\n\nLe site est lent.\n"
    )

    email = parse_email(a_multipart("mixed", a_text("À traiter."), inner, head=FORWARD))

    assert email.forwarded == ForwardedMail(
        sender=CHLOE,
        sent_at=MOMENT,
        subject="Panne",
        text="Le site est lent.",
        own_words="À traiter.",
        is_attached=True,
    )


def test_several_enclosed_mails_of_different_authors_name_nobody() -> None:
    one, other = (
        f"Content-Type: message/rfc822\n\nFrom: {name}@autre.example\n\nx" for name in "ab"
    )

    email = parse_email(a_multipart("mixed", a_text("Voir."), one, other, head=FORWARD))

    assert email.forwarded is not None
    assert email.forwarded.sender is None


def test_a_mail_saved_to_a_file_counts_when_the_subject_says_so() -> None:
    saved = (
        'Content-Type: application/octet-stream; name="panne.eml"\n\n'
        "From: Chloé Petit <chloe@autre.example>\n\nx"
    )

    assert parse_email(a_multipart("mixed", a_text("Voir."), saved)).forwarded is None
    named = parse_email(a_multipart("mixed", a_text("Voir."), saved, head=FORWARD))
    assert named.forwarded_from == CHLOE


def test_the_mails_of_a_digest_are_no_forward() -> None:
    inner = "Content-Type: message/rfc822\n\nFrom: c@autre.example\n\nx"

    assert parse_email(a_multipart("digest", inner, head=FORWARD)).forwarded is None


def test_a_marked_forward_without_header_lines_names_nobody_and_keeps_its_words() -> None:
    mail = passed_on(
        "Fwd: Panne", "Vu.\n\n-------- Message transféré --------\n\nLe site est lent."
    )

    assert mail == ForwardedMail(
        sender=None, subject="Panne", text="Le site est lent.", own_words="Vu."
    )


def test_a_list_of_facts_is_no_header_block() -> None:
    text = "Bonjour,\nDe : Paul, au téléphone\nIl faut rappeler."

    assert passed_on("TR: Panne", text) is None
