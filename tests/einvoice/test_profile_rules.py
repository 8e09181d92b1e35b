"""Our own copy of the rules says what the judges outside the project say."""

from pathlib import Path

import pytest

from helpdesk.domain.en16931 import ProfileRuleBroken
from helpdesk.domain.en16931_rules import check, findings
from helpdesk.einvoice.cii import cii_xml
from tests.einvoice.broken_documents import BROKEN, OURS
from tests.einvoice.documents import a_document
from tests.einvoice.oracle import Verdicts, broken_rules


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    folder = tmp_path_factory.mktemp("broken")
    for name, (_, document) in {**BROKEN, **OURS}.items():
        Path(folder, f"{name}.xml").write_bytes(cii_xml(document))
    Path(folder, "good.xml").write_bytes(cii_xml(a_document()))
    return broken_rules(folder)


def test_a_good_document_breaks_no_rule(verdicts: Verdicts) -> None:
    check(a_document())

    assert verdicts["good"] == ()


@pytest.mark.parametrize("name", [*BROKEN, *OURS])
def test_we_name_the_rule_that_is_broken(name: str) -> None:
    rule, document = {**BROKEN, **OURS}[name]

    assert rule in {finding.rule for finding in findings(document)}
    with pytest.raises(ProfileRuleBroken):
        check(document)


@pytest.mark.parametrize("name", BROKEN)
def test_the_judges_outside_name_the_same_rule(name: str, verdicts: Verdicts) -> None:
    rule, _ = BROKEN[name]

    assert rule in verdicts[name]
