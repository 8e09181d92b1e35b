"""What an agent orders in the first lines of a mail: `/attribuer moi`, `/résoudre`, `/note`."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.agency import Agent, Team
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.ids import AgentId, TeamId
from helpdesk.domain.plain_words import plain
from helpdesk.domain.priority import Priority
from helpdesk.domain.waiting import WaitingOn


class MailVerb(StrEnum):
    """What can be ordered by mail."""

    ASSIGN = "ASSIGN"
    PRIORITY = "PRIORITY"
    NOTE = "NOTE"
    WAIT = "WAIT"
    RESUME = "RESUME"
    DELIVER = "DELIVER"
    RESOLVE = "RESOLVE"
    CLOSE = "CLOSE"
    REOPEN = "REOPEN"
    CANCEL = "CANCEL"
    SPAM = "SPAM"


COMMAND_WORDS: Mapping[MailVerb, tuple[str, ...]] = {
    MailVerb.ASSIGN: ("attribuer", "assign", "assigner", "affecter"),
    MailVerb.PRIORITY: ("priorité", "priority", "prio"),
    MailVerb.NOTE: ("note", "note", "interne", "internal"),
    MailVerb.WAIT: ("attendre", "wait", "attente", "pause"),
    MailVerb.RESUME: ("reprendre", "resume"),
    MailVerb.DELIVER: ("livrer", "deliver", "livré", "delivered"),
    MailVerb.RESOLVE: ("résoudre", "resolve", "résolu", "resolved"),
    MailVerb.CLOSE: ("fermer", "close", "clore", "clôturer", "closed"),
    MailVerb.REOPEN: ("rouvrir", "reopen"),
    MailVerb.CANCEL: ("annuler", "cancel"),
    MailVerb.SPAM: ("spam", "spam", "indésirable"),
}
"""The words of each command: the French one that is shown, the English one, then other ones."""

_VERBS = {plain(word): verb for verb, words in COMMAND_WORDS.items() for word in words}
_EXAMPLES: Mapping[Locale, str] = {
    Locale.FR: (
        "/attribuer moi (ou un nom, une équipe, personne), /priorité P1 parce que…, /note,"
        " /attendre client : motif (ou tiers : motif), /reprendre, /livrer, /résoudre, /fermer,"
        " /rouvrir, /annuler motif, /spam"
    ),
    Locale.EN: (
        "/assign me (or a name, a team, nobody), /priority P1 because…, /note,"
        " /wait client: reason (or third-party: reason), /resume, /deliver, /resolve, /close,"
        " /reopen, /cancel reason, /spam"
    ),
}
_SINGLE = {
    MailVerb.RESUME,
    MailVerb.DELIVER,
    MailVerb.RESOLVE,
    MailVerb.CLOSE,
    MailVerb.SPAM,
}
"""Commands that say all by themselves."""

_LINE = re.compile(r"[/#]([^\W\d_]{1,40})(?:(?=\s|:|$)\s{0,9}:?\s{0,9}(.*))$")
_PRIORITY = re.compile(r"(p[0-3])\b[\s:,;.–—-]{0,9}(.*)", re.IGNORECASE | re.DOTALL)
_BECAUSE = re.compile(r"(?:parce que|parce qu['’]|car|because|as|since)\b\s{0,9}", re.IGNORECASE)
_WHOM = re.compile(r"([^\W\d_]+(?:[-\s]party)?)\s{0,9}(?:[:,;–—-]\s{0,9})?(.*)", re.DOTALL)
_WAITED_FOR = {
    WaitingOn.CLIENT: ("client", "customer", "clients"),
    WaitingOn.THIRD_PARTY: (
        *("tiers", "prestataire", "fournisseur", "hébergeur", "third-party", "third party"),
        *("supplier", "provider", "vendor"),
    ),
}
_WAITS = {plain(word): whom for whom, words in _WAITED_FOR.items() for word in words}
_WORD = re.compile(r"\w+")
_CLOSINGS = frozenset(
    {
        *("cordialement", "bien", "amicalement", "cdt", "cdlt", "sincerement", "a", "vous"),
        *("best", "kind", "regards", "sincerely", "yours", "cheers"),
    }
)
_ME = {"moi", "me", "moi-meme", "myself"}
_NOBODY = {"personne", "nobody", "none", "aucun"}


class CommandUnknown(HelpdeskError):
    """What looks like an order and is none is not sent to a client as if it were text."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "`{line}`: there is no such command."
    french: ClassVar[str] = "« {line} » : cette commande n'existe pas."


class CommandSaidTwice(HelpdeskError):
    """Two orders of one kind contradict each other, and nobody guesses which one was meant."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "`{line}`: this command was given already, give it once."
    french: ClassVar[str] = "« {line} » : cette commande a déjà été donnée, donnez-la une fois."


class CommandIncomplete(HelpdeskError):
    """An order that does not say to whom, or what for, is no order."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = "`{line}`: something is missing behind the command."
    french: ClassVar[str] = "« {line} » : il manque quelque chose derrière la commande."


class CommandTakesNothing(HelpdeskError):
    """Words behind a command that takes none would be lost, or were meant for the client."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "`{line}`: nothing stands behind this command, write on the next line."
    french: ClassVar[str] = "« {line} » : rien ne suit cette commande, écrivez à la ligne suivante."


class PriorityUnknown(HelpdeskError):
    """There are four priorities."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "`{given}` is no priority: write P0, P1, P2 or P3, then why."
    french: ClassVar[str] = (
        "« {given} » n'est pas une priorité : écrivez P0, P1, P2 ou P3, puis pourquoi."
    )


class AssigneeUnclear(HelpdeskError):
    """A ticket is given to somebody whom the name means beyond doubt."""

    code: ClassVar[ErrorCode] = ErrorCode.NOT_FOUND
    english: ClassVar[str] = (
        "`{name}` names nobody, or several: write an e-mail address, or one of {known}."
    )
    french: ClassVar[str] = (
        "« {name} » ne désigne personne, ou plusieurs : écrivez une adresse, ou l'un de {known}."
    )


@dataclass(frozen=True, slots=True)
class MailCommand:
    """An order: what is to be done, with what stands behind it, and the line as it was written."""

    verb: MailVerb
    argument: str
    line: str


@dataclass(frozen=True, slots=True)
class MailOrders:
    """What the first lines of a mail order, what is wrong with them, and the words that follow."""

    commands: tuple[MailCommand, ...] = ()
    refusals: tuple[HelpdeskError, ...] = ()
    words: str = ""

    @property
    def are_given(self) -> bool:
        """Return whether anything was ordered, rightly or wrongly."""
        return bool(self.commands or self.refusals)

    def of(self, *verbs: MailVerb) -> tuple[MailCommand, ...]:
        """Return the orders of these kinds, as they were written."""
        return tuple(command for command in self.commands if command.verb in verbs)


@dataclass(frozen=True, slots=True)
class Assignee:
    """Whom a ticket is given to: an agent, a team, or nobody."""

    agent_id: AgentId | None = None
    team_id: TeamId | None = None


def mail_orders(text: str) -> MailOrders:
    """Return the orders in the first lines of a text, and the rest of it.

    Blank lines may stand among them; the first other line ends them. `/` and a word is an order
    even when the word is none of ours; with `#`, which begins other things too, it has to be one.

    >>> orders = mail_orders("/assign me\\n/RESOLVE\\n\\nIt works again.")
    >>> [command.verb.value for command in orders.commands], orders.words
    (['ASSIGN', 'RESOLVE'], 'It works again.')
    """
    lines = text.strip().splitlines()
    commands: list[MailCommand] = []
    refusals: list[HelpdeskError] = []
    after_orders = 0
    for place, line in enumerate(lines):
        order = _order(line)
        if order is None and line.strip():
            break
        if order is not None:
            after_orders = place + 1
            told = _refusal(order, commands)
            if isinstance(order, MailCommand):
                commands.append(order)
            refusals += [] if told is None else [told]
    kept = _first_words(commands)
    words = "\n".join((*kept, *lines[after_orders:])).strip() if after_orders else text.strip()
    return MailOrders(tuple(commands), tuple(refusals), words)


def is_mere_signature(words: str, *, names: Iterable[str]) -> bool:
    """Return whether what stands below orders only closes and signs: it tells a client nothing.

    >>> is_mere_signature("Cordialement,\\nAlice Durand", names=["Alice Durand"])
    True
    """
    known = _CLOSINGS | {word for name in names for word in _WORD.findall(plain(name))}
    return known.issuperset(_WORD.findall(plain(words)))


def possible_commands(locale: Locale) -> str:
    """Return the commands in one line, in the words of a reader."""
    return _EXAMPLES[locale]


def priority_wanted(argument: str) -> tuple[Priority, str]:
    """Return the priority that an order names, and its reason, which may be empty.

    >>> priority_wanted("P1 parce que la boutique ne vend plus")
    (<Priority.P1: 'P1'>, 'la boutique ne vend plus')
    """
    found = _PRIORITY.fullmatch(argument)
    if found is None:
        raise PriorityUnknown(given=argument)
    reason = _BECAUSE.sub("", found[2].strip(), count=1) if _BECAUSE.match(found[2]) else found[2]
    return Priority(found[1].upper()), reason.strip()


def wait_wanted(argument: str) -> tuple[WaitingOn, str]:
    """Return for whom a ticket is to wait, the client unless said, and why.

    >>> wait_wanted("tiers : le transfert du nom de domaine")
    (<WaitingOn.THIRD_PARTY: 'THIRD_PARTY'>, 'le transfert du nom de domaine')
    >>> wait_wanted("vos accès FTP")
    (<WaitingOn.CLIENT: 'CLIENT'>, 'vos accès FTP')
    """
    found = _WHOM.fullmatch(argument)
    whom = None if found is None else _WAITS.get(plain(found[1]))
    if found is None or whom is None:
        return WaitingOn.CLIENT, argument
    return whom, found[2].strip()


def assignee_wanted(
    argument: str, *, me: AgentId, agents: Sequence[Agent], teams: Sequence[Team]
) -> Assignee:
    """Return whom an order means: the agent himself, nobody, or who is called so.

    A whole name or an address counts before a part of a name. Raises AssigneeUnclear when nobody is
    called so, or several are.
    """
    name = " ".join(plain(argument).lstrip("@").rstrip(" .,;!").split())
    if name in _ME:
        return Assignee(agent_id=me)
    if name in _NOBODY:
        return Assignee()
    known = [(_names(agent.name, agent.email), Assignee(agent_id=agent.id)) for agent in agents]
    known += [(_names(team.name), Assignee(team_id=team.id)) for team in teams]
    for matches in (
        [who for names, who in known if name in names],
        [who for names, who in known if any(name in one.split() for one in names)],
    ):
        if len(matches) == 1:
            return matches[0]
    shown = [*(agent.name for agent in agents), *(team.name for team in teams)]
    raise AssigneeUnclear(name=argument, known=", ".join(shown))


def _names(name: str, email: str = "") -> tuple[str, ...]:
    local_part = email.partition("@")[0]
    return tuple(plain(" ".join(one.split())) for one in (name, email, local_part) if one.strip())


def _order(line: str) -> MailCommand | CommandUnknown | None:
    written = " ".join(unicodedata.normalize("NFC", line).split())
    found = _LINE.match(written)
    if found is None:
        return None
    verb = _VERBS.get(plain(found[1]))
    if verb is not None:
        return MailCommand(verb, found[2].strip(), written)
    return CommandUnknown(line=written) if written.startswith("/") else None


def _refusal(
    order: MailCommand | CommandUnknown, before: Sequence[MailCommand]
) -> HelpdeskError | None:
    if isinstance(order, CommandUnknown):
        return order
    if order.verb in {one.verb for one in before}:
        return CommandSaidTwice(line=order.line)
    if order.verb in _SINGLE and order.argument:
        return CommandTakesNothing(line=order.line)
    needs_more = {MailVerb.ASSIGN, MailVerb.PRIORITY, MailVerb.WAIT, MailVerb.CANCEL}
    if order.verb in needs_more and not order.argument:
        return CommandIncomplete(line=order.line)
    return None


def _first_words(commands: Sequence[MailCommand]) -> tuple[str, ...]:
    """Return what stands behind `/note` on its line: it is the beginning of the note."""
    return tuple(
        command.argument
        for command in commands
        if command.verb is MailVerb.NOTE and command.argument
    )
