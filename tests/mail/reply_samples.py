"""How mail programs of many languages announce what they quote; the people are invented."""

# language: what its programs write above a quote, one after the other
ATTRIBUTIONS: dict[str, tuple[str, ...]] = {
    "fr": (
        "Le lun. 2 mars 2026 à 09:12, Alice Petit <support@agence.example> a écrit :",
        "Le lun. 2 mars 2026 à 09:12, L'équipe de l'agence\n<support@agence.example> a\nécrit :",
        "Le\xa02\u202fmars 2026 à 09:12, Alice <support@agence.example> a écrit\u202f:",
        "Le 02/03/2026 à 09:12, Alice a écrit :",
        "Le 2 mars 2026 à 09:12 +0100, Alice <support@agence.example>, a écrit :",
        "Le lundi 2 mars 2026 à 09:12:31 UTC+1, Alice <support@agence.example> a écrit :",
        "Le 2026-03-02 09:12, Alice a écrit :",
        "Le lundi 2 mars 2026, Alice <support@agence.example> a écrit :",
        "Alice <support@agence.example> a écrit le 2 mars 2026 à 09:12 :",
        "---- Le lun., 02 mars 2026 09:12:31 +0100 Alice <support@agence.example> a écrit ----",
        "-------- Message d'origine --------\nDe : Alice <support@agence.example>\n"
        "Date : 02/03/2026 09:12 (GMT+01:00)\nÀ : Bruno\nObjet : Le site",
        "-----Message d'origine-----\nDe : Alice",
        '------ Message d\'origine ------\nDe "Alice" <support@agence.example>',
        '----- Mail original -----\nDe: "Alice" <support@agence.example>',
        "________________________________\nDe : Alice <support@agence.example>\n"
        "Envoyé : lundi 2 mars 2026 09:12\nÀ : Bruno Martin\nObjet : RE: [#12] Le site est lent",
        "De : Alice\nEnvoyé le :lundi 2 mars 2026 09:12\nÀ : Bruno\nObjet :RE: Le site",
        "De : Alice <support@agence.example>\nDate : lundi 2 mars 2026 à 09:12\n"
        "À : Bruno <bruno@client.example>\nObjet : Le site",
        "*De :* Alice [mailto:support@agence.example]\n*Envoyé :* lundi 2 mars 2026 09:12\n"
        "*À :* Bruno\n*Objet :* Le site est lent",
        '> Message du 02/03/26 09:12\n> De : "Alice" <support@agence.example>\n> A : Bruno\n'
        "> Copie à : \n> Objet : Le site",
        "========================================\n\nMessage du : 02/03/2026 09:12\n"
        'De : "Alice" <support@agence.example>\nA : Bruno\nCopie à : \nSujet : Le site',
        "envoyé : 2 mars 2026 à 09:12\nde : Alice <support@agence.example>\nà : Bruno\n"
        "objet : Le site",
        "2026-03-02 9:12 GMT+01:00 Alice <support@agence.example>:",
    ),
    "en": (
        "On Mon, Mar 2, 2026 at 9:12 AM Alice <support@agence.example> wrote:",
        "On Mar 2, 2026, at 9:12\u202fAM, Alice <support@agence.example> wrote:",
        "On Mon, Mar 2, 2026 at 9:12 AM The team of the agency <\n"
        "support-with-a-long-address@agence.example> wrote:",
        "On 02/03/2026 09:12, Alice wrote:",
        "-----Original Message-----\nFrom: Alice",
        "------- Original Message -------\nOn Monday, March 2nd, 2026 at 9:12 AM, Alice "
        "<support@agence.example> wrote:",
        "From: Alice <support@agence.example>\nSent: Monday, March 2, 2026 9:12 AM\n"
        "To: Bruno <bruno@client.example>\nSubject: RE: Slow",
        "---- On Mon, 02 Mar 2026 09:12:31 +0100 Alice <support@agence.example> wrote ----",
    ),
    "de": (
        "Am Mo., 2. März 2026 um 09:12 Uhr schrieb Alice <support@agence.example>:",
        "Am 02.03.2026 um 09:12 schrieb Alice:",
        "> Am 02.03.2026 um 09:12 schrieb Alice <support@agence.example>:",
        "-----Ursprüngliche Nachricht-----\nVon: Alice",
        "Von: Alice <support@agence.example>\nGesendet: Montag, 2. März 2026 09:12\n"
        "An: Bruno\nBetreff: AW: Langsam",
        "Gesendet: Montag, 02. März 2026 um 09:12 Uhr\nVon: Alice <support@agence.example>\n"
        "An: Bruno\nBetreff: Langsam",
    ),
    "es": (
        "El lun, 2 mar 2026 a las 9:12, Alice (<support@agence.example>) escribió:",
        "El 2/3/26 a las 9:12, Alice escribió:",
        "De: Alice <support@agence.example>\nEnviado: lunes, 2 de marzo de 2026 9:12\n"
        "Para: Bruno\nAsunto: RE: Lento",
        "-----Mensaje original-----\nDe: Alice",
    ),
    "it": (
        "Il giorno lun 2 mar 2026 alle ore 09:12 Alice <support@agence.example> ha scritto:",
        "Il 02/03/2026 09:12, Alice ha scritto:",
        "Da: Alice <support@agence.example>\nInviato: lunedì 2 marzo 2026 09:12\nA: Bruno\n"
        "Oggetto: R: Lento",
        "-----Messaggio originale-----\nDa: Alice",
    ),
    "pt": (
        "Em seg., 2 de mar. de 2026 às 09:12, Alice <support@agence.example> escreveu:",
        "Às 09:12 de 02/03/2026, Alice escreveu:",
        "Alice <support@agence.example> escreveu (segunda, 2/03/2026 à(s) 09:12):",
        "De: Alice <support@agence.example>\nEnviado: segunda-feira, 2 de março de 2026 09:12\n"
        "Para: Bruno\nAssunto: RE: Lento",
        "-----Mensagem original-----\nDe: Alice",
    ),
    "nl": (
        "Op ma 2 mrt 2026 om 09:12 schreef Alice <support@agence.example>:",
        "Op 2 mrt. 2026, om 09:12 heeft Alice <support@agence.example> het volgende geschreven:",
        "Van: Alice <support@agence.example>\nVerzonden: maandag 2 maart 2026 09:12\n"
        "Aan: Bruno\nOnderwerp: RE: Traag",
        "-----Oorspronkelijk bericht-----\nVan: Alice",
    ),
    "pl": (
        "pon., 2 mar 2026 o 09:12 Alice <support@agence.example> napisał(a):",
        "W dniu 2.03.2026 o 09:12, Alice pisze:",
        "Wiadomość napisana przez Alice <support@agence.example> w dniu 2 mar 2026, o godz. 09:12:",
        "Od: Alice <support@agence.example>\nWysłano: poniedziałek, 2 marca 2026 09:12\n"
        "Do: Bruno\nTemat: RE: Wolno",
    ),
    "cs": (
        "po 2. 3. 2026 v 9:12 odesílatel Alice <support@agence.example> napsal:",
        "Dne 02. 03. 26 v 9:12 Alice napsal(a):",
        "2. 3. 2026 v 9:12, Alice <support@agence.example>:",
        "Od: Alice <support@agence.example>\nOdesláno: pondělí 2. března 2026 9:12\n"
        "Komu: Bruno\nPředmět: RE: Pomalé",
    ),
    "sk": (
        "po 2. 3. 2026 o 9:12 Alice <support@agence.example> napísal(a):",
        "Dňa 2. 3. 2026 o 9:12 Alice napísal(a):",
        "Od: Alice <support@agence.example>\nOdoslané: pondelok 2. marca 2026 9:12\n"
        "Komu: Bruno\nPredmet: RE: Pomalé",
    ),
    "sv": (
        "Den mån 2 mars 2026 kl 09:12 skrev Alice <support@agence.example>:",
        "Den 2026-03-02 kl. 09:12, skrev Alice:",
        "Från: Alice <support@agence.example>\nSkickat: den 2 mars 2026 09:12\nTill: Bruno\n"
        "Ämne: SV: Långsamt",
    ),
    "da": (
        "Den man. 2. mar. 2026 kl. 09.12 skrev Alice <support@agence.example>:",
        "Den 02.03.2026 kl. 09.12 skrev Alice:",
        "Fra: Alice <support@agence.example>\nSendt: 2. marts 2026 09:12\nTil: Bruno\n"
        "Emne: SV: Langsomt",
        "-----Oprindelig meddelelse-----\nFra: Alice",
    ),
    "no": (
        "man. 2. mars 2026 kl. 09:12 skrev Alice <support@agence.example>:",
        "Den 02.03.2026 09:12, skrev Alice:",
        "Fra: Alice <support@agence.example>\nSendt: mandag 2. mars 2026 09:12\nTil: Bruno\n"
        "Emne: SV: Tregt",
    ),
    "fi": (
        "ma 2. maalisk. 2026 klo 9.12 Alice (support@agence.example) kirjoitti:",
        "Alice <support@agence.example> kirjoitti 2.3.2026 kello 9.12:",
        "Lähettäjä: Alice <support@agence.example>\nLähetetty: maanantai 2. maaliskuuta 2026 9.12\n"
        "Vastaanottaja: Bruno\nAihe: VS: Hidas",
    ),
    "hu": (
        "Alice <support@agence.example> ezt írta (időpont: 2026. márc. 2., H, 9:12):",
        "2026. 03. 02. 9:12 keltezéssel, Alice írta:",
        "Feladó: Alice <support@agence.example>\nElküldve: 2026. március 2., hétfő 9:12\n"
        "Címzett: Bruno\nTárgy: RE: Lassú",
    ),
    "ro": (
        "În lun., 2 mar. 2026 la 09:12, Alice <support@agence.example> a scris:",
        "Pe 2 mar. 2026, la 09:12, Alice <support@agence.example> a scris:",
        "De la: Alice <support@agence.example>\nTrimis: luni, 2 martie 2026 09:12\nCătre: Bruno\n"
        "Subiect: RE: Lent",
    ),
    "ru": (
        "пн, 2 мар. 2026 г. в 09:12, Alice <support@agence.example>:",
        "02.03.2026 9:12, Alice пишет:",
        "2 марта 2026 г., в 9:12, Alice <support@agence.example> написал(а):",
        "От: Alice <support@agence.example>\nОтправлено: 2 марта 2026 г. 9:12\nКому: Bruno\n"
        "Тема: RE: Медленно",
    ),
    "uk": (
        "пн, 2 бер. 2026 р. о 09:12 Alice <support@agence.example> пише:",
        "02.03.26 09:12, Alice пише:",
        "Від: Alice <support@agence.example>\nНадіслано: 2 березня 2026 р. 9:12\nКому: Bruno\n"
        "Тема: RE: Повільно",
    ),
    "tr": (
        "Alice <support@agence.example>, 2 Mar 2026 Pzt, 09:12 tarihinde şunu yazdı:",
        "02.03.2026 09:12 tarihinde Alice yazdı:",
        "Kimden: Alice <support@agence.example>\nGönderildi: 2 Mart 2026 Pazartesi 09:12\n"
        "Kime: Bruno\nKonu: YNT: Yavaş",
    ),
    "el": (
        "Στις Δευ 2 Μαρ 2026 στις 9:12 π.μ., ο/η Alice <support@agence.example> έγραψε:",
        "Στις 2/3/2026 9:12 π.μ., ο/η Alice έγραψε:",
        "Από: Alice <support@agence.example>\nΣτάλθηκε: Δευτέρα, 2 Μαρτίου 2026 9:12\n"
        "Προς: Bruno\nΘέμα: ΑΠ: Αργό",
    ),
    "ja": (
        "2026年3月2日(月) 9:12 Alice <support@agence.example>:",
        "2026/03/02 9:12、Alice <support@agence.example>のメール:",
        "差出人: Alice <support@agence.example>\n送信日時: 2026年3月2日 9:12\n宛先: Bruno\n"
        "件名: RE: 遅い",
    ),
    "zh": (
        "Alice <support@agence.example> 于2026年3月2日周一 09:12写道：",
        "在 2026/3/2 9:12, Alice 写道:",
        "Alice <support@agence.example> 於 2026年3月2日 週一 上午9:12寫道：",
        "发件人: Alice <support@agence.example>\n发送时间: 2026年3月2日 9:12\n收件人: Bruno\n"
        "主题: 回复: 慢",
        "------------------ 原始邮件 ------------------\n发件人: Alice",
    ),
    "ko": (
        "2026년 3월 2일 (월) 오전 9:12, Alice <support@agence.example>님이 작성:",
        "2026-03-02 오전 9:12에 Alice 이(가) 쓴 글:",
        "보낸 사람: Alice <support@agence.example>\n보낸 날짜: 2026년 3월 2일 오전 9:12\n"
        "받는 사람: Bruno\n제목: RE: 느림",
    ),
    "he": (
        "\u200fבתאריך יום ב׳, 2 במרץ 2026 ב-9:12 מאת \u202aAlice\u202c "
        "<\u202asupport@agence.example\u202c>:\u202c",
        "ב-2 במרץ 2026, בשעה 9:12, \u200fAlice <support@agence.example> כתב/ה:",
        "מאת: Alice <support@agence.example>\nנשלח: יום שני 02 מרץ 2026 09:12\nאל: Bruno\n"
        "נושא: איטי",
    ),
    "ar": (
        "في الاثنين، ٢ مارس ٢٠٢٦ في ٩:١٢ ص تمت كتابة ما يلي بواسطة \u202aAlice\u202c "
        "<\u202asupport@agence.example\u202c>:",
        "\u202bفي ٢ مارس ٢٠٢٦، الساعة ٩:١٢ ص، كتب Alice <support@agence.example>:\u202c",
        "من: Alice <support@agence.example>\nتاريخ الإرسال: 2 مارس 2026 09:12\nإلى: Bruno\n"
        "الموضوع: بطيء",
    ),
    "vi": (
        "Vào Th 2, 2 thg 3, 2026 vào lúc 09:12 Alice <support@agence.example> đã viết:",
        "Vào 2/3/2026 09:12, Alice đã viết:",
        "Từ: Alice <support@agence.example>\nĐã gửi: Thứ Hai, 2 Tháng Ba 2026 9:12\nTới: Bruno\n"
        "Chủ đề: RE: Chậm",
    ),
}

# language: what telephones and mail programs write below an answer
DEVICE_LINES: dict[str, tuple[str, ...]] = {
    "fr": (
        "Envoyé de mon iPhone",
        "Envoyé depuis mon Galaxy S21",
        "Envoyé à partir de Outlook pour Android <https://aka.ms/AAb9ysg>",
        "Envoyé depuis l’application Mail Orange",
        "Envoyé avec Proton Mail",
        "Envoyé depuis La Poste Mobile",
        "Envoyé à partir de Courrier<https://go.microsoft.com/fwlink/?LinkId=550986> pour Windows",
        "Envoyé de mon iPhone, merci d'excuser les fautes",
        "Télécharger Outlook pour iOS",
        "Provenance : Courrier pour Windows 10",
    ),
    "en": (
        "Sent from my iPhone",
        "Sent from Outlook for iOS<https://aka.ms/o0ukef>",
        "Get Outlook for Android",
        "Sent from my cell, please excuse any typos.",
        "Sent with Proton Mail secure email.",
        "Sent from my T-Mobile 4G LTE Device",
        "Sent from TypeApp<http://www.typeapp.com/r?b=2621>",
    ),
    "de": (
        "Von meinem iPhone gesendet",
        "Gesendet mit der mobilen Mail App",
        "Gesendet von Outlook für iOS",
    ),
    "es": ("Enviado desde mi iPhone", "Enviado desde Outlook para Android"),
    "it": ("Inviato da iPhone", "Inviato dal mio telefono Android"),
    "pt": ("Enviado do meu iPhone", "Enviado a partir do Outlook para iOS"),
    "nl": ("Verstuurd vanaf mijn iPhone", "Verzonden vanuit Outlook voor iOS"),
    "pl": ("Wysłane z iPhone'a", "Wysłano z telefonu Samsung Galaxy"),
    "cs": ("Odesláno z mého iPhonu", "Odesláno z iPhonu"),
    "sk": ("Odoslané z iPhonu",),
    "sv": ("Skickat från min iPhone",),
    "da": ("Sendt fra min iPhone",),
    "no": ("Sendt fra min iPad",),
    "fi": ("Lähetetty iPhonesta",),
    "hu": ("Az iPhone-omról küldve",),
    "ro": ("Trimis de pe iPhone-ul meu",),
    "ru": ("Отправлено с iPhone",),
    "uk": ("Надіслано з iPhone",),
    "tr": ("iPhone'umdan gönderildi",),
    "el": ("Στάλθηκε από το iPhone μου",),
    "ja": ("iPhoneから送信",),
    "zh": ("发自我的iPhone", "從我的 iPhone 傳送"),
    "ko": ("나의 iPhone에서 보냄",),
    "he": ("נשלח מה-iPhone שלי",),
    "ar": ("أُرسلت من الـ iPhone",),
    "vi": ("Đã gửi từ iPhone của tôi",),
}
