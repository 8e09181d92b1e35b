"""The command line: one word per thing an operator does."""

import argparse
import asyncio
import dataclasses
import json
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias, TypeVar

import uvloop

from helpdesk.bootstrap import Engine, open_engine
from helpdesk.commands import (
    agency,
    compliance,
    demo,
    doctor,
    mail,
    mail_care,
    report,
    site_report,
    statement,
)
from helpdesk.commands.explain import ToldAs, explain
from helpdesk.config import SECRETS, LoadedSettings, Settings, load_settings, shown_url
from helpdesk.domain.access import NotFound, Scope, system_viewer
from helpdesk.domain.agency import Agency
from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.site_report import ReportFormat
from helpdesk.graphql.schema import export_schema
from helpdesk.service import ALL_PARTS, Part, author_check, mail_habits, serve
from helpdesk.storage import schema_upgrade
from helpdesk.storage.errors import StorageError
from helpdesk.usecases.create_token import CreateToken, create_token

REFUSED = 1

_log = logging.getLogger(__name__)

T = TypeVar("T")
Words: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - has no other name
Handler = Callable[[argparse.Namespace, LoadedSettings], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command named on the command line and return its exit code."""
    options = _parser().parse_args(arguments)
    handler: Handler = options.handler
    try:
        loaded = load_settings(os.environ)
        logging.basicConfig(level=loaded.settings.log_level, format="%(levelname)s %(message)s")
        # Alembic tells its steps, aiosmtpd the addresses of every session.
        for talkative in ("alembic", "mail.log", "flufl.bounce"):
            logging.getLogger(talkative).setLevel(logging.WARNING)
        return handler(options, loaded)
    except HelpdeskError as refusal:
        print(refusal.message(_locale(options)), file=sys.stderr)
    except (StorageError, OSError) as trouble:
        print(f"{type(trouble).__name__}: {trouble}", file=sys.stderr)
    except Exception:
        if handler is not _deliver:
            raise
        # any other exit code makes the mail server give the message up
        _log.exception("mail_not_delivered")
    return mail.TRY_AGAIN if handler is _deliver else REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="helpdesk", description=__doc__)
    parser.add_argument("--lang", choices=[one.value for one in Locale], default="en")
    words = parser.add_subparsers(required=True, metavar="COMMAND")

    _add_serving(words)
    _add_mail(words)
    _add_tickets(words)
    _add_upkeep(words)
    return parser


def _add_serving(words: Words) -> None:
    word = words.add_parser("serve", help="run API, worker and mail listener in one process")
    word.add_argument("--demo", action="store_true", help="an agency from nothing, in var/demo")
    word.add_argument("--host", help="where the API listens (HELPDESK_HOST)")
    word.add_argument("--port", type=int, help="where the API listens (HELPDESK_PORT)")
    word.add_argument("--mail-port", type=int, help="where mails come in")
    word.add_argument("--only", choices=[part.value for part in Part], help="run this part alone")
    word.set_defaults(handler=_serve)
    word = words.add_parser("worker", help="run the worker alone")
    word.set_defaults(handler=_worker)


def _add_mail(words: Words) -> None:
    verbs = words.add_parser("mail", help="messages from files").add_subparsers(
        required=True, metavar="VERB"
    )
    word = verbs.add_parser("deliver", help="take a message in; exit code 75: try again later")
    word.add_argument("file", help="a file, or - for standard input")
    word.add_argument("--mailbox", help="the agency mailbox it was sent to")
    word.set_defaults(handler=_deliver)
    word = verbs.add_parser("parse", help="print what is read in each message, a JSON line each")
    word.add_argument("files", nargs="+")
    word.set_defaults(handler=_parse)
    mail_care.add_words(verbs, status=_mail_status, rotate_key=_rotate_key)
    word = verbs.add_parser("dkim-record", help="print the DNS record of the key, made if absent")
    word.set_defaults(handler=_dkim_record)


def _add_tickets(words: Words) -> None:
    word = words.add_parser("explain", help="tell the story of a ticket's clocks")
    word.add_argument("number")
    word.add_argument("--agency", metavar="MAILBOX", help="the agency, when there are several")
    told = word.add_mutually_exclusive_group()
    told.add_argument(
        "--sentences",
        action="store_const",
        dest="told_as",
        const=ToldAs.SENTENCES,
        help="plain sentences, as a client may read them",
    )
    told.add_argument(
        "--json", action="store_const", dest="told_as", const=ToldAs.JSON, help="for scripts"
    )
    word.set_defaults(handler=_explain, told_as=ToldAs.LINES)
    word = words.add_parser("compliance", help="how promises were kept, month by month")
    compliance.add_words(word)
    word.set_defaults(handler=_compliance)
    _add_reports(words)
    verbs = words.add_parser("token", help="API tokens").add_subparsers(
        required=True, metavar="VERB"
    )
    word = verbs.add_parser("create", help="make a token and show it once")
    word.add_argument("name")
    word.add_argument("--scope", action="append", choices=[one.value for one in Scope])
    word.add_argument("--agency", metavar="MAILBOX", help="the agency, when there are several")
    word.set_defaults(handler=_create_token)


def _add_reports(words: Words) -> None:
    word = words.add_parser("import-report", help="read the report of a tool about a site")
    word.add_argument("site", help="its address, its name or its identity")
    word.add_argument("file", help="what lighthouse, npm audit or wpscan wrote as JSON")
    word.add_argument("--format", choices=[one.value for one in ReportFormat], help="which tool")
    word.add_argument("--agency", metavar="MAILBOX", help="the agency, when there are several")
    word.set_defaults(handler=_import_report)
    word = words.add_parser("report", help="the monthly report of a contract")
    report.add_words(word)
    word.set_defaults(handler=_report)
    word = words.add_parser("statement", help="what happened to a forfait in a month")
    statement.add_words(word)
    word.set_defaults(handler=_statement)


def _add_upkeep(words: Words) -> None:
    word = words.add_parser("doctor", help="compare everything kept with the facts")
    doctor.add_words(word)
    word.set_defaults(handler=_doctor)
    word = words.add_parser("export-schema", help="print the GraphQL schema")
    word.set_defaults(handler=_export_schema)
    verbs = words.add_parser("agency", help="the agencies of this installation").add_subparsers(
        required=True, metavar="VERB"
    )
    word = verbs.add_parser("create", help="an agency, its first manager and its calendars")
    agency.add_words(word)
    word.set_defaults(handler=_create_agency)
    verbs = words.add_parser("db", help="the database's schema").add_subparsers(
        required=True, metavar="VERB"
    )
    word = verbs.add_parser("upgrade", help="bring the tables to this version")
    word.set_defaults(handler=_upgrade)
    word = verbs.add_parser("downgrade", help="take the tables back to a revision")
    word.add_argument("revision")
    word.set_defaults(handler=_downgrade)
    word = verbs.add_parser("check", help="name every difference between tables and program")
    word.set_defaults(handler=_check)
    word = words.add_parser("config", help="print the settings in force and where from")
    word.set_defaults(handler=_config)


def _serve(options: argparse.Namespace, loaded: LoadedSettings) -> int:
    given = {
        "host": options.host,
        "port": options.port,
        "mail_listen_port": options.mail_port,
    }
    asked = {name: value for name, value in given.items() if value is not None}
    settings = dataclasses.replace(loaded.settings, **asked)
    if options.demo:
        demo.run_demo(settings)
        return 0
    _require_schema(settings)
    parts = frozenset({Part(options.only)}) if options.only else ALL_PARTS
    uvloop.run(serve(settings, parts))
    return 0


def _worker(_: argparse.Namespace, loaded: LoadedSettings) -> int:
    _require_schema(loaded.settings)
    uvloop.run(serve(loaded.settings, frozenset({Part.WORKER})))
    return 0


def _deliver(options: argparse.Namespace, loaded: LoadedSettings) -> int:
    raw = mail.read_message(options.file)
    delivered = _with_engine(
        loaded.settings,
        lambda engine: mail.deliver(engine, options.file, raw, options.mailbox),
    )
    for line in delivered.lines:
        print(line)
    return delivered.exit_code


def _parse(options: argparse.Namespace, _: LoadedSettings) -> int:
    return mail.parse_files(options.files)


def _mail_status(options: argparse.Namespace, loaded: LoadedSettings) -> int:
    async def told(engine: Engine) -> tuple[bool, str]:
        named = [await _agency(engine, options.agency)] if options.agency else None
        return await mail_care.status(engine, named or await engine.desk.store.agencies())

    is_well, text = _with_engine(loaded.settings, told)
    print(text)
    return 0 if is_well else REFUSED


def _rotate_key(options: argparse.Namespace, loaded: LoadedSettings) -> int:
    async def rotated(engine: Engine) -> str:
        agency = await _agency(engine, options.agency)
        return await mail_care.rotate_key(engine, agency, retire=options.retire)

    print(_with_engine(loaded.settings, rotated))
    return 0


def _explain(options: argparse.Namespace, loaded: LoadedSettings) -> int:
    async def told(engine: Engine) -> str:
        agency = await _agency(engine, options.agency)
        locale, told_as = _locale(options), options.told_as
        return await explain(engine, agency, options.number, locale=locale, told_as=told_as)

    print(_with_engine(loaded.settings, told))
    return 0


def _compliance(options: argparse.Namespace, loaded: LoadedSettings) -> int:
    async def counted(engine: Engine) -> bytes:
        agency = await _agency(engine, options.agency)
        return await compliance.compliance(engine, agency, options, locale=_locale(options))

    sys.stdout.buffer.write(_with_engine(loaded.settings, counted))
    sys.stdout.buffer.flush()
    return 0


def _import_report(options: argparse.Namespace, loaded: LoadedSettings) -> int:
    content = mail.read_message(options.file)

    async def imported(engine: Engine) -> str:
        agency = await _agency(engine, options.agency)
        named = None if options.format is None else ReportFormat(options.format)
        return await site_report.import_report(
            engine, agency, options.site, content, report_format=named
        )

    print(f"{options.file}: {_with_engine(loaded.settings, imported)}")
    return 0


def _report(options: argparse.Namespace, loaded: LoadedSettings) -> int:
    async def told(engine: Engine) -> str:
        agency = await _agency(engine, options.agency)
        return await report.report(engine, agency, options, locale=_locale(options))

    print(_with_engine(loaded.settings, told))
    return 0


def _statement(options: argparse.Namespace, loaded: LoadedSettings) -> int:
    async def told(engine: Engine) -> bytes:
        agency = await _agency(engine, options.agency)
        return await statement.statement(engine, agency, options, locale=_locale(options))

    sys.stdout.buffer.write(_with_engine(loaded.settings, told))
    sys.stdout.buffer.flush()
    return 0


def _doctor(options: argparse.Namespace, loaded: LoadedSettings) -> int:
    async def examined(engine: Engine) -> bool:
        named = [await _agency(engine, options.agency)] if options.agency else None
        agencies = named or await engine.desk.store.agencies()
        each = [
            await doctor.doctor(engine, one, repair=options.repair, say=print) for one in agencies
        ]
        return all(each)

    return 0 if _with_engine(loaded.settings, examined) else REFUSED


def _create_token(options: argparse.Namespace, loaded: LoadedSettings) -> int:
    async def made(engine: Engine) -> str:
        agency = await _agency(engine, options.agency)
        scopes = frozenset(Scope(one) for one in options.scope or list(Scope))
        viewer = system_viewer(agency.id, agency.locale)
        request = CreateToken(options.name, scopes)
        return (await create_token(engine.desk, viewer=viewer, request=request)).secret

    print(_with_engine(loaded.settings, made))
    return 0


def _dkim_record(_: argparse.Namespace, loaded: LoadedSettings) -> int:
    settings = loaded.settings
    print(mail.dkim_record(settings.dkim_domain, settings.dkim_selector, settings.dkim_key_file))
    return 0


def _create_agency(options: argparse.Namespace, loaded: LoadedSettings) -> int:
    print(_with_engine(loaded.settings, lambda engine: agency.create(engine, options)))
    return 0


def _export_schema(_: argparse.Namespace, __: LoadedSettings) -> int:
    sys.stdout.write(export_schema())
    return 0


def _upgrade(_: argparse.Namespace, loaded: LoadedSettings) -> int:
    schema_upgrade.upgrade(loaded.settings.database_url)
    print(f"at revision {schema_upgrade.latest()}")
    return 0


def _downgrade(options: argparse.Namespace, loaded: LoadedSettings) -> int:
    schema_upgrade.downgrade(loaded.settings.database_url, options.revision)
    print(f"at revision {schema_upgrade.current(loaded.settings.database_url) or 'base'}")
    return 0


def _check(_: argparse.Namespace, loaded: LoadedSettings) -> int:
    differences = schema_upgrade.check(loaded.settings.database_url)
    for difference in differences:
        print(difference)
    return REFUSED if differences else 0


def _config(_: argparse.Namespace, loaded: LoadedSettings) -> int:
    for field in dataclasses.fields(Settings):
        print(f"{field.name} = {_shown(field.name, loaded)}  # {loaded.origins[field.name]}")
    return 0


def _shown(name: str, loaded: LoadedSettings) -> str:
    value = getattr(loaded.settings, name)
    if isinstance(value, tuple):
        return str([str(mailbox) for mailbox in value])
    if name in SECRETS and value:
        return "***"
    return json.dumps(shown_url(value) if name == "database_url" else value)


def _require_schema(settings: Settings) -> None:
    """Refuse to start on tables of another version: half a schema loses data."""
    found, needed = schema_upgrade.current(settings.database_url), schema_upgrade.latest()
    if found != needed:
        raise StorageError(
            f"{shown_url(settings.database_url)} is at revision {found or 'none'} "
            f"and {needed} is needed: run `helpdesk db upgrade` first"
        )


async def _agency(engine: Engine, mailbox: str | None) -> Agency:
    store = engine.desk.store
    agency = await (store.agency_of_mailbox(mailbox) if mailbox else store.only_agency())
    if agency is None:
        raise NotFound(what="Agency", id=mailbox or "(name it with --agency MAILBOX)")
    return agency


def _with_engine(settings: Settings, work: Callable[[Engine], Awaitable[T]]) -> T:
    async def run() -> T:
        _require_schema(settings)
        opened = open_engine(
            settings.database_url,
            mail_habits=mail_habits(settings),
            author_check=author_check(settings),
        )
        async with opened as engine:
            return await work(engine)

    return asyncio.run(run())


def _locale(options: argparse.Namespace) -> Locale:
    return Locale(options.lang)
