"""Facts to JSON and back, exactly. Pure.

Facts are frozen dataclasses of int, str, bool, date, StrEnum, None, tuples and other such dataclasses; nothing
else, so that a stored version reads the same in ten years.
"""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

F = TypeVar("F")


class UnreadableFacts(ValueError):  # noqa: N818  named by what is wrong, as all refusals here
    """Stored facts do not fit their class: another program wrote them, or a field went without a new kind."""


def to_json(facts: object) -> Any:
    """Return what `json.dumps` writes. Raises TypeError for anything that facts must not hold."""
    if is_dataclass(facts) and not isinstance(facts, type):
        return {field.name: to_json(getattr(facts, field.name)) for field in fields(facts)}
    if isinstance(facts, tuple):
        return [to_json(item) for item in facts]
    if isinstance(facts, StrEnum):
        return facts.value
    if facts is None or type(facts) in {int, str, bool}:
        return facts
    if type(facts) is date:
        return facts.isoformat()
    raise TypeError(f"Facts hold no {type(facts).__name__}")


def from_json(cls: type[F], stored: Mapping[str, Any]) -> F:
    """Return the facts that were stored. Raises UnreadableFacts, naming the field."""
    return _dataclass(cls, stored, cls.__name__)


def _dataclass(cls: type[F], stored: Any, path: str) -> F:
    """Return a dataclass; a field that came later has a default, and a version built before it lacks it."""
    hints = get_type_hints(cls)
    every = fields(cls)  # type: ignore[arg-type]  # checked by the callers
    names, needed = {each.name for each in every}, {each.name for each in every if each.default is MISSING}
    if not isinstance(stored, Mapping) or not needed <= set(stored) <= names:
        raise UnreadableFacts(f"{path}: fields {sorted(names)}, found {stored!r:.200}")
    return cls(**{name: _value(hints[name], stored[name], f"{path}.{name}") for name in stored})


def _value(hint: Any, stored: Any, path: str) -> Any:
    if get_origin(hint) in {Union, types.UnionType}:
        inner = next(part for part in get_args(hint) if part is not type(None))
        return None if stored is None else _value(inner, stored, path)
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint)[0], stored, path)
    if is_dataclass(hint) and isinstance(hint, type):
        return _dataclass(hint, stored, path)
    return _plain(hint, stored, path)


def _tuple(hint: Any, stored: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(stored, list):
        raise UnreadableFacts(f"{path}: not a list: {stored!r:.200}")
    return tuple(_value(hint, item, f"{path}[{index}]") for index, item in enumerate(stored))


def _plain(hint: Any, stored: Any, path: str) -> Any:
    try:
        if hint is date:
            return date.fromisoformat(stored)
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return hint(stored)
    except (TypeError, ValueError) as error:
        raise UnreadableFacts(f"{path}: {stored!r:.200}") from error
    if type(stored) is not hint:
        raise UnreadableFacts(f"{path}: not {hint.__name__}: {stored!r:.200}")
    return stored
