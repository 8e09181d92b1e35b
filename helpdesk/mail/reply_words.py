"""What mail programs write above a quote and below an answer, language by language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tongue:
    """The words of one language, as pieces of regular expressions without quantifier.

    `wrote` says that somebody wrote; `opens` begins a line that says when; `original` names a mail
    that is answered; `sent` and `my` are of "sent from my telephone", `was_sent` ends such a line.
    """

    wrote: str
    opens: str = ""
    original: str = ""
    sent: str = ""
    my: str = ""
    was_sent: str = ""


TONGUES: dict[str, Tongue] = {
    "fr": Tongue(
        "a [ée]crit|[ée]crivait|écrit|a répondu",
        "le|à|au",
        "message d[’' ]origine|message (?:original|initial|d’origine)|mail (?:original|d'origine)"
        "|courriel (?:original|d'origine)|message précédent",
        "envoyée? (?:de|depuis|à partir d[eu]|avec|via|par|sur)|expédiée? (?:de|depuis)"
        "|message envoyé (?:de|depuis|avec)|écrit depuis",
        "mon|ma",
    ),
    "en": Tongue(
        "wrote|writes|has written|sent|quoting",
        "on|at",
        "original (?:message|mail|email|e-mail|appointment)|reply message|previous message",
        "sent (?:from|via|with|by|using|on)|typed on|composed on",
        "my|the|an?",
    ),
    "de": Tongue(
        "schrieb|schrieben|hat geschrieben|geschrieben|zitat von",
        "am|um",
        "ursprüngliche (?:nachricht|mail|e-mail)|(?:original|antwort )[- ]?nachricht"
        "|originalnachricht|original-mail|ursprungliche nachricht",
        "gesendet (?:von|mit|über)|verschickt (?:von|mit)",
        "mein|meinem|meiner",
        "gesendet|geschickt|verschickt",
    ),
    "es": Tongue(
        "escribi[óo]|ha escrito|citando",
        "el",
        "mensaje original|correo original",
        "enviad[oa] (?:desde|con|por|mediante)",
        "mi|el|la",
    ),
    "ca": Tongue("va escriure|ha escrit", "el|la", "missatge original", "enviat des del?"),
    "it": Tongue(
        "ha scritto|scrisse|scrive",
        "il|in data|il giorno",
        "messaggio originale|messaggio originario",
        "inviat[oa] (?:da|dal|dalla|con|tramite)",
        "mio|mia",
    ),
    "pt": Tongue(
        "escreveu",
        "em|no dia|a|às",
        "mensagem original|mensagem anterior",
        "enviad[oa] (?:do|da|de|pelo|pela|a partir d[oae]|através d[oae]|com|via)",
        "meu|minha",
    ),
    "nl": Tongue(
        "schreef|geschreven|heeft geschreven",
        "op",
        "oorspronkelijk bericht|origineel bericht",
        "(?:verzonden|verstuurd) (?:vanaf|vanuit|met|van|via)",
        "mijn",
    ),
    "pl": Tongue(
        "napisał(?:a|\\(a\\)|/a)?|pisze|napisana przez",
        "dnia|w dniu|wiadomość napisana",
        "oryginalna wiadomość|wiadomość oryginalna|pierwotna wiadomość",
        "wysłan[eoay] (?:z|ze|przez|za pomocą)",
        "mojego|mojej",
    ),
    "cs": Tongue(
        "napsal(?:a|\\(a\\)|/a)?|napsali",
        "dne|v",
        "původní zpráva|původní e-mail",
        "odesláno (?:z|ze|pomocí)",
        "mého|mé",
    ),
    "sk": Tongue(
        "napísal(?:a|\\(a\\)|/a)?",
        "dňa|v",
        "pôvodná správa",
        "odoslané (?:z|zo|pomocou)",
        "môjho|mojho",
    ),
    "sv": Tongue(
        "skrev",
        "den|på",
        "ursprungligt meddelande|ursprungsmeddelande|originalmeddelande",
        "skickat (?:från|med|via)",
        "min|mitt",
    ),
    "da": Tongue(
        "skrev",
        "den|på",
        "oprindelig meddelelse|oprindelig besked|original besked",
        "sendt (?:fra|med|via)",
        "min|mit",
    ),
    "no": Tongue(
        "skrev",
        "den|på",
        "opprinnelig melding|original melding|opprinnelig e-post",
        "sendt (?:fra|med|via)",
        "min|mitt",
    ),
    "fi": Tongue(
        "kirjoitti",
        "",
        "alkuperäinen viesti",
        "lähetetty",
        "",
    ),
    "hu": Tongue(
        "(?:ezt )?írta|a következőt írta",
        "",
        "eredeti üzenet|eredeti levél",
        "küldve|elküldve",
        "",
        "küldve|elküldve",
    ),
    "ro": Tongue(
        "a scris",
        "pe|în",
        "mesaj(?:ul)? (?:original|inițial|iniţial)",
        "trimis (?:de pe|din|cu|prin|de la)",
        "",
    ),
    "ru": Tongue(
        "написала?|написал\\(а\\)|писала?|пишет",
        "в",
        "исходное сообщение|исходное письмо|оригинальное сообщение",
        "отправлено (?:с|из|через|от)",
        "моего|моей",
    ),
    "uk": Tongue(
        "написа(?:в|ла)|пише|написав\\(-ла\\)",
        "у|в",
        "оригінальне повідомлення|початкове повідомлення|вихідне повідомлення",
        "(?:надіслано|відправлено) (?:з|із|через)",
        "мого|моєї",
    ),
    "tr": Tongue(
        "yazdı|(?:şunu|şunları) yazdı|yazmış",
        "",
        "özgün (?:ileti|mesaj)|orijinal (?:ileti|mesaj)|asıl ileti",
        "",
        "",
        "gönderildi",
    ),
    "el": Tongue(
        "έγραψε|έγραψαν",
        "στις|την|τη",
        "αρχικό μήνυμα|αρχικο μηνυμα",
        "(?:στάλθηκε|εστάλη|αποστολή) (?:από|με)",
        "το|τη",
    ),
    "ja": Tongue(
        "の(?:メール|メッセージ)|書きました",
        "",
        "元のメッセージ|オリジナルメッセージ|original message|元メッセージ",
        "",
        "",
        "から送信|より送信",
    ),
    "zh": Tongue(
        "写道|寫道|寫了|写了",
        "在|于|於",
        "原始邮件|原始郵件|原邮件|原始訊息|回复的原邮件|original",
        "发自|發自",
        "我的",
        "发送|傳送|寄出",
    ),
    "ko": Tongue(
        "작성|이\\(가\\) 쓴 글|쓴 글|님이 씀|쓰셨습니다",
        "",
        "원본 메시지|원본메일|original message|원본 메일",
        "",
        "",
        "에서 보냄|에서 전송",
    ),
    "he": Tongue("כתב(?:/ה|ה)?", "ב|בתאריך|ביום", "הודעה מקורית", "נשלח מ|נשלח", ""),
    "ar": Tongue(
        "كتب(?:ت|/كتبت|/ت)?",
        "في|بتاريخ",
        "الرسالة الأصلية|رسالة أصلية",
        "(?:أُرسلت|أرسلت|تم الإرسال|مرسل|مرسلة) (?:من|عبر|بواسطة)",
        "",
    ),
    "vi": Tongue("đã viết", "vào|ngày", "thư gốc|tin nhắn gốc", "(?:được |đã )?gửi từ", "", ""),
    "id": Tongue("menulis", "pada", "pesan asli", "(?:di)?kirim dari"),
    "lt": Tongue("rašė|parašė", "", "pradinis laiškas|originali žinutė", "išsiųsta iš"),
    "lv": Tongue("rakstīja", "", "sākotnējais ziņojums", "nosūtīts no"),
    "et": Tongue("kirjutas", "", "algne (?:kiri|sõnum)", "saadetud"),
    "bg": Tongue("написа", "на", "оригинално съобщение", "изпратено от"),
    "hr": Tongue("je napisa(?:o|la)|napisao je|piše", "dana", "izvorna poruka", "poslano s"),
    "sl": Tongue("je napisal(?:a)?", "dne", "izvirno sporočilo", "poslano iz"),
    "sr": Tongue("је написао|је написао/ла|je napisao/la", "", "оригинална порука", ""),
    "is": Tongue("skrifaði", "", "upprunaleg skilaboð", "sent úr"),
}

# what asks to be answered above; other desks' mails are quoted in answers too
REPLY_ABOVE = (
    r"(?:merci de )?(?:répond(?:re|ez)|écri(?:re|vez)|votre réponse|please reply|reply"
    r"|please type your reply|type your reply|write your reply|respond)\b.{0,30}"
    r"(?:au.dessus de|above) (?:cette|this|the|la) (?:ligne|line)"
    r"|.{0,20}\b(?:antwort|schreib)\w{0,10}\b.{0,30}(?:oberhalb|über) dieser (?:linie|zeile)\b"
    r"|.{0,20}\b(?:respond|respuesta|escrib)\w{0,10}\b.{0,30}(?:encima|arriba) de esta línea\b"
    r"|.{0,20}\b(?:rispond|risposta|scriv)\w{0,10}\b.{0,30}sopra (?:a )?questa (?:linea|riga)\b"
    r"|.{0,20}\b(?:respond|resposta|escrev)\w{0,10}\b.{0,30}acima desta linha\b"
    r"|.{0,20}\b(?:antwoord|reageer|typ)\w{0,10}\b.{0,30}boven deze (?:lijn|regel)\b"
    r"|.{0,20}\b(?:odpowie|odpowiedz|napisz)\w{0,10}\b.{0,30}powyżej (?:tej|niniejszej) linii\b"
)

# "sent from" in the sense of a place: what is "mine" there is a device, whatever it is called
SENT_FROM_MINE = (
    r"sent from my|typed on my|(?:message )?envoyée? (?:de|depuis|à partir de) (?:mon|ma)"
    r"|enviado desde mi|inviato dal mio|enviado (?:do|a partir do) meu|skickat från min"
    r"|sendt fra min|(?:verzonden|verstuurd) vanaf mijn|trimis de pe|odesláno z mého"
)
# names of devices, which some languages inflect, and of mail programs; never of anything else
DEVICES = (
    r"iphon|ipad|ipod|android|blackberry|samsung|galaxy|huawei|xiaomi|redmi|oneplus|nokia|motorola"
    r"|htc|xperia|wiko|fairphone|smartphone|mobilger|mobiltelefon|outlook|gmail|yahoo|thunderbird"
    r"|proton ?mail|bluemail|airmail|sparrow|zimbra|k-?9 mail|tutanota|superhuman|hushmail|fastmail"
    r"|mailspring|mailbird|em client|aquamail|fairemail|windows mail|mail orange|orange mail"
)
# words that name a device or a program only when nothing else is said beside them
DEVICE_WORDS = (
    "a an app application appareil bouygues cell courrier de der device du e-mail email en for"
    " free für handheld handy ios l l'app l'application la laposte le mail mailbox mobile mobilen"
    " mon my orange os para per phone portable poste pour secure sfr smartphone spark tablet"
    " tablette telephone the téléphone un une voor windows workspace zoho 10 11 android mac web"
)
# what is sent so is sent by somebody, or by post
SENT_BY = ("par", "by", "por", "über", "von", "tramite", "mediante", "sur", "on", "prin")
