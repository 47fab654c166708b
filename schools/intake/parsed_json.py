"""A parsed file as JSON and back: what is kept of a file whose cells must not be kept."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from schools.intake.rows import ParsedFile


def parsed_json(parsed: ParsedFile) -> dict[str, Any]:
    """Return a parsed file in values that JSON knows; exact numbers become texts."""
    answer = as_json(parsed)
    assert isinstance(answer, dict)  # noqa: S101  a dataclass becomes a mapping
    return answer


def parsed_of(data: Mapping[str, Any]) -> ParsedFile:
    """Return the parsed file of `parsed_json`. Raises KeyError or ValueError on anything else."""
    parsed: ParsedFile = of_json(ParsedFile, data)
    return parsed


def as_json(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if is_named_tuple(type(value)):
        return as_json(value._asdict())
    if isinstance(value, Mapping):
        return {name: as_json(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(part) for part in value]
    return str(value) if isinstance(value, Decimal) else value


def of_json(kind: Any, value: Any) -> Any:
    """Return the value that a declared type describes: records, tuples, mappings, optional ones, exact numbers."""
    if get_origin(kind) is UnionType:
        return None if value is None else of_json(present(kind), value)
    if is_dataclass(kind) or is_named_tuple(kind):
        hints = get_type_hints(kind)
        return kind(**{name: of_json(hints[name], part) for name, part in value.items()})
    if get_origin(kind) is tuple:
        return tuple(of_json(part_kind, part) for part_kind, part in zip(part_kinds(kind, value), value, strict=True))
    if get_origin(kind) is dict:
        return {name: of_json(get_args(kind)[1], part) for name, part in value.items()}
    return kind(value) if kind is Decimal or (isinstance(kind, type) and issubclass(kind, StrEnum)) else value


def is_named_tuple(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields")


def present(kind: Any) -> Any:
    """Return T of «T | None»; of other unions (text or number) whatever JSON has is kept."""
    kinds = [part for part in get_args(kind) if part is not NoneType]
    return kinds[0] if len(kinds) == 1 else object


def part_kinds(kind: Any, value: list[Any]) -> tuple[Any, ...]:
    """Return the type of each part of a tuple, «tuple[int, ...]» included."""
    declared = get_args(kind)
    return (declared[0],) * len(value) if len(declared) == 2 and declared[1] is Ellipsis else declared
