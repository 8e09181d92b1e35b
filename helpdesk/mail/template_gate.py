"""What a template may do: put words together, and nothing that runs long or looks around."""

import re
from collections.abc import Mapping

from jinja2 import nodes
from jinja2.environment import Environment
from jinja2.exceptions import TemplateSyntaxError

from helpdesk.domain.mail_template import (
    TemplateNotUnderstood,
    TemplatePartRefused,
    TemplateTooIntricate,
    TemplateVariable,
    TemplateVariableUnknown,
    VariableKind,
)

FILTERS = frozenset({"boxed", "capitalize", "default", "length", "lower", "trim", "upper"})
MAX_NODES = 2000
MAX_FILTERS = 20

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.For,
    nodes.Filter,
    nodes.Include,
)
_RAW = re.compile(r"\{%[-+]?\s*raw\b")
_NAMES_OF_LOOP = frozenset({"first", "last", "index", "length"})


class Gate:
    """Looks through a template before it is made use of."""

    def __init__(
        self, variables: Mapping[str, TemplateVariable], *, partials: frozenset[str]
    ) -> None:
        self._variables = variables
        self._partials = partials

    def pass_through(self, environment: Environment, text: str) -> None:
        """Refuse a template that cannot be read, or that does more than put words together.

        Raises TemplateNotUnderstood, TemplatePartRefused, TemplateVariableUnknown and
        TemplateTooIntricate.
        """
        raw = _RAW.search(text)
        if raw is not None:
            raise TemplatePartRefused(line=text.count("\n", 0, raw.start()) + 1, part="raw")
        try:
            tree = environment.parse(text)
        except TemplateSyntaxError as error:
            problem = (error.message or "").rstrip(".")
            raise TemplateNotUnderstood(line=error.lineno, problem=problem) from error
        every = [type(node) for node in tree.find_all(nodes.Node)]
        if len(every) > MAX_NODES or every.count(nodes.Filter) > MAX_FILTERS:
            raise TemplateTooIntricate
        self._look_into(tree, {})

    def _look_into(self, node: nodes.Node, lines: Mapping[str, TemplateVariable]) -> None:
        """Look at a node and all below it; `lines` are the lists that are being told."""
        if not isinstance(node, _ALLOWED):
            raise _refused(node, type(node).__name__.lower())
        if isinstance(node, nodes.For):
            self._look_into_loop(node, lines)
            return
        if isinstance(node, nodes.Name):
            self._look_at_name(node, lines)
        elif isinstance(node, nodes.Filter) and (node.name not in FILTERS or node.node is None):
            raise _refused(node, node.name)
        elif isinstance(node, nodes.Include):
            self._look_at_include(node)
            return
        elif isinstance(node, nodes.Getattr):
            _look_at_field(node, lines)
            return
        for child in node.iter_child_nodes():
            self._look_into(child, lines)

    def _look_into_loop(self, loop: nodes.For, lines: Mapping[str, TemplateVariable]) -> None:
        is_plain = not (lines or loop.recursive or loop.test or loop.else_)
        if not is_plain or not isinstance(loop.iter, nodes.Name):
            raise _refused(loop, "for")
        self._look_at_name(loop.iter, lines)
        variable = self._variables[loop.iter.name]
        target = loop.target.name if isinstance(loop.target, nodes.Name) else None
        if variable.kind is not VariableKind.LIST or target is None or target in self._variables:
            raise _refused(loop, "for")
        for child in loop.body:
            self._look_into(child, {target: variable})

    def _look_at_name(self, node: nodes.Name, lines: Mapping[str, TemplateVariable]) -> None:
        known = self._variables.get(node.name)
        if node.ctx != "load" or node.name in lines or node.name == "loop":
            raise _refused(node, node.name)
        if known is None:
            listed = ", ".join(sorted(self._variables))
            raise TemplateVariableUnknown(line=node.lineno, name=node.name, known=listed)

    def _look_at_include(self, node: nodes.Include) -> None:
        name = node.template.value if isinstance(node.template, nodes.Const) else None
        if name not in self._partials:
            raise _refused(node, f"include {name}" if isinstance(name, str) else "include")


def _look_at_field(node: nodes.Getattr, lines: Mapping[str, TemplateVariable]) -> None:
    """Refuse all but the fields of the line that is being told, and where in its list it stands."""
    whole = node.node.name if isinstance(node.node, nodes.Name) else ""
    if whole == "loop" and lines and node.attr in _NAMES_OF_LOOP:
        return
    if whole not in lines:
        raise _refused(node, node.attr)
    if node.attr not in lines[whole].fields:
        known = ", ".join(f"{whole}.{field}" for field in sorted(lines[whole].fields))
        name = f"{whole}.{node.attr}"
        raise TemplateVariableUnknown(line=node.lineno, name=name, known=known)


def _refused(node: nodes.Node, part: str) -> TemplatePartRefused:
    return TemplatePartRefused(line=node.lineno, part=part)
