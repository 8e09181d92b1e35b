"""Errors of a request or of a query: a stable code, whether to try again, and no secrets."""

import logging
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from graphql import GraphQLError

from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.graphql.user_error import message_of

LOG = logging.getLogger("helpdesk.graphql")


class QueryErrorCode(StrEnum):
    """The stable codes of errors outside the payload of a mutation."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    INTERNAL = "INTERNAL"


_CODES = {
    ErrorCode.UNAUTHENTICATED: QueryErrorCode.UNAUTHENTICATED,
    ErrorCode.FORBIDDEN: QueryErrorCode.FORBIDDEN,
    ErrorCode.NOT_FOUND: QueryErrorCode.NOT_FOUND,
}

_MASKED = {
    Locale.EN: "Something went wrong on our side. Give this number to who runs the server: {id}.",
    Locale.FR: "Une erreur est survenue de notre côté. Donnez ce numéro à l'exploitant : {id}.",
}
_BUSY = {
    Locale.EN: "The server is busy: try again in a moment ({id}).",
    Locale.FR: "Le serveur est occupé : réessayez dans un instant ({id}).",
}


def refusal(
    code: QueryErrorCode, message: str, *, is_retryable: bool = False
) -> dict[str, Any]:  # Any: JSON
    """Return an error as the answer shows it."""
    return {"message": message, "extensions": {"code": code.value, "retryable": is_retryable}}


class ErrorReport:
    """Turns the errors of one request into what its answer shows; a bug is logged and masked."""

    def __init__(
        self, request_id: str, locale: Locale, is_retryable: Callable[[BaseException], bool]
    ) -> None:
        """Report for the request with this number, in this language."""
        self._request_id = request_id
        self._locale = locale
        self._is_retryable = is_retryable

    def shown(self, errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:  # Any: JSON
        """Return the errors as the answer shows them."""
        return [self._shown(error) for error in errors]

    def of_bug(self, error: BaseException) -> dict[str, Any]:  # Any: JSON
        """Return an error that nobody expected, masked, after it was logged."""
        if self._is_retryable(error):
            LOG.warning("graphql.busy request=%s error=%s", self._request_id, error)
            message = _BUSY[self._locale].format(id=self._request_id)
            return self._numbered(refusal(QueryErrorCode.INTERNAL, message, is_retryable=True))
        LOG.error("graphql.bug request=%s", self._request_id, exc_info=error)
        message = _MASKED[self._locale].format(id=self._request_id)
        return self._numbered(refusal(QueryErrorCode.INTERNAL, message))

    def _shown(self, error: GraphQLError) -> dict[str, Any]:  # Any: JSON
        shown = self._told(error)
        if error.locations:
            shown["locations"] = [
                {"line": place.line, "column": place.column} for place in error.locations
            ]
        if error.path:
            shown["path"] = error.path
        return shown

    def _told(self, error: GraphQLError) -> dict[str, Any]:  # Any: JSON
        cause = _cause(error)
        if isinstance(cause, HelpdeskError):
            code = _CODES.get(cause.code, QueryErrorCode.BAD_USER_INPUT)
            return refusal(code, message_of(cause, self._locale))
        if cause is None and error.path:
            # Input was refused before anything was executed: what is left is a wrong value.
            return self.of_bug(error)
        if cause is None:
            return refusal(_code_of(error.extensions), error.message)
        return self.of_bug(cause)

    def _numbered(self, shown: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
        shown["extensions"]["requestId"] = self._request_id
        return shown


def _cause(error: GraphQLError) -> BaseException | None:
    cause: BaseException | None = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _code_of(extensions: Mapping[str, Any] | None) -> QueryErrorCode:  # Any: JSON
    code = (extensions or {}).get("code", QueryErrorCode.BAD_USER_INPUT)
    return QueryErrorCode(code)
