"""An operation from its text to its answer: understood once, kept, planned and executed."""

from collections import OrderedDict
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from types import CoroutineType
from typing import Any, TypeGuard

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import ASTValidationRule, NoSchemaIntrospectionCustomRule

from helpdesk.domain.errors import HelpdeskError
from helpdesk.graphql.executor import PlainExecutor
from helpdesk.graphql.limits import Limits, too_dear, too_large
from helpdesk.graphql.plan import plan_of
from helpdesk.graphql.request import Request

SHELF_SIZE = 1000
LONGEST_KEPT = 20_000
"""Characters of a text that is worth keeping; a longer one is understood each time."""
MOST_ERRORS = 5


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an operation is not executed at all."""

    errors: Sequence[GraphQLError]


@dataclass(frozen=True, slots=True)
class Understood:
    """A text that was parsed and validated: the document, or what is wrong with it."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()

    def operation(self, name: str | None) -> OperationDefinitionNode | Refused:
        """Return the operation of this name, or the only one."""
        document = self.document
        operations = [
            definition
            for definition in (document.definitions if document else ())
            if isinstance(definition, OperationDefinitionNode)
        ]
        if name is None and len(operations) == 1:
            return operations[0]
        for operation in operations:
            if name is not None and operation.name and operation.name.value == name:
                return operation
        if name is None:
            return _refused("Name one operation of the document in `operationName`.")
        return _refused(f"There is no operation named '{name}' in the document.")


class Operations:
    """Understands texts and answers operations."""

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits,
        *,
        allows_introspection: bool,
        executor: type[PlainExecutor] = PlainExecutor,
    ) -> None:
        """Answer operations on this schema."""
        self.limits = limits
        self._executor = executor
        self._schema = schema
        self._kept: OrderedDict[str, Understood] = OrderedDict()
        # One list for ever: rules that were made for each request could not be cached.
        self._rules: tuple[type[ASTValidationRule], ...] = specified_rules
        if not allows_introspection:
            self._rules = (*specified_rules, NoSchemaIntrospectionCustomRule)
        self.handed_over = 0
        """How many objects graphql-core executed below a root, all requests together."""

    def understood(self, text: str) -> Understood:
        """Return the text understood; the same text is understood once."""
        kept = self._kept.get(text)
        if kept is not None:
            self._kept.move_to_end(text)
            return kept
        understood = self._understand(text)
        if len(text) <= LONGEST_KEPT:
            self._kept[text] = understood
            if len(self._kept) > SHELF_SIZE:
                self._kept.popitem(last=False)
        return understood

    def _understand(self, text: str) -> Understood:
        try:
            document = parse(text, max_tokens=self.limits.tokens)
        except GraphQLError as error:
            return Understood(None, (error,))
        except RecursionError:
            return Understood(None, (GraphQLError("The document is nested too deeply."),))
        errors = too_large(document, self.limits) or validate(
            self._schema, document, self._rules, max_errors=MOST_ERRORS, hide_suggestions=True
        )
        return Understood(None if errors else document, tuple(errors))

    async def answer(
        self,
        document: DocumentNode,
        name: str | None,
        variables: Mapping[str, Any],  # Any: JSON
        request: Request,
    ) -> ExecutionResult | Refused:
        """Return the answer to an operation, or why it was not executed at all."""
        executor = self._executor.build(
            self._schema,
            document,
            context_value=request,
            raw_variable_values=dict(variables),
            operation_name=name,
            max_coercion_errors=MOST_ERRORS,
            is_awaitable=_is_coroutine,
            hide_suggestions=True,
        )
        if not isinstance(executor, PlainExecutor):
            return Refused(executor if isinstance(executor, list) else [])
        refused = self._plan(executor, request)
        if refused is not None:
            return Refused([refused])
        result: Any = executor.execute_operation()  # Any: a result, or a promise of it
        if _is_coroutine(result):
            result = await result
        self.handed_over += executor.handed_over
        answered: ExecutionResult = result
        return answered

    def _plan(self, executor: PlainExecutor, request: Request) -> GraphQLError | None:
        try:
            request.plan = plan_of(
                self._schema,
                executor.fragment_definitions,
                executor.operation,
                executor.variable_values,
            )
        except GraphQLError as error:
            return error
        except HelpdeskError as error:
            return GraphQLError(str(error), original_error=error)
        points = request.plan.points
        return too_dear(points, self.limits) if points > self.limits.points else None


def _refused(message: str) -> Refused:
    return Refused([GraphQLError(message)])


def _is_coroutine(value: object) -> TypeGuard[Awaitable[Any]]:  # Any: whatever it gives
    return type(value) is CoroutineType
