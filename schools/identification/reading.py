"""Reading parameters from plain JSON or TOML values, gathering every problem instead of stopping at the first."""

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any


class Reader:
    """Values that were read and problems that were met. A parameter that is absent is left to its default."""

    def __init__(self, source: Mapping[str, Any], *, known: Collection[str], prefix: str = "") -> None:
        self.source = source
        self.prefix = prefix
        self.values: dict[str, Any] = {}
        self.problems: list[str] = [
            f"{prefix}{name}: такого параметра нет. Известны: {', '.join(sorted(known))}."
            for name in sorted(set(source) - set(known))
        ]

    def refuse(self, name: str, expected: str) -> None:
        self.problems.append(f"{self.prefix}{name}: указано {self.source.get(name)!r}, нужно {expected}.")

    def integer(self, name: str, *, least: int) -> None:
        if name not in self.source:
            return
        value = self.source[name]
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            self.values[name] = value
        else:
            self.refuse(name, f"целое число не меньше {least}")

    def boolean(self, name: str) -> None:
        if name not in self.source:
            return
        if isinstance(self.source[name], bool):
            self.values[name] = self.source[name]
        else:
            self.refuse(name, "true или false")

    def percent(self, name: str) -> None:
        """Read a percentage above 0 and up to 100, with at most two digits after the point: comparisons stay exact."""
        self._decimal(name, most=100, expected="число больше 0 и до 100, не более двух знаков после запятой")

    def decimal(self, name: str) -> None:
        """Read a number above 0 with at most two digits after the point."""
        expected = "число больше 0, не более двух знаков после запятой"
        self._decimal(name, most=1_000_000, expected=expected)

    def _decimal(self, name: str, *, most: int, expected: str) -> None:
        if name not in self.source:
            return
        try:
            value = Decimal(str(self.source[name]))
        except InvalidOperation:
            value = Decimal("NaN")
        if value.is_finite() and 0 < value <= most and value * 100 == int(value * 100):
            self.values[name] = value
        else:
            self.refuse(name, expected)

    def member(self, name: str, kind: type[StrEnum]) -> None:
        if name not in self.source:
            return
        value = self.source[name]
        if value is False and "NONE" in kind.__members__:  # how a switch that has become a choice was stored
            value = "NONE"
        try:
            self.values[name] = kind(value)
        except ValueError:
            self.refuse(name, f"одно из: {', '.join(kind)}")

    def members(self, name: str, kind: type[StrEnum]) -> None:
        """Read a list of different members, at least one."""
        if name not in self.source:
            return
        value = self.source[name]
        known = set(kind)
        if isinstance(value, list) and value and all(isinstance(each, str) and each in known for each in value):
            self.values[name] = tuple(dict.fromkeys(kind(each) for each in value))
        else:
            self.refuse(name, f"список из: {', '.join(kind)}")

    def mapping_of(self, name: str, kind: type[StrEnum]) -> None:
        """Read a required table: key -> member of an enumeration."""
        table = self.source.get(name)
        if not isinstance(table, Mapping) or not table:
            self.refuse(name, "таблица «процедура — определение»")
            return
        if wrong := sorted(str(value) for value in table.values() if value not in list(kind)):
            self.problems.append(
                f"{self.prefix}{name}: указано {', '.join(wrong)}, нужно одно из: {', '.join(kind)}.",
            )
        else:
            self.values[name] = {str(key): kind(value) for key, value in table.items()}

    def strings(self, name: str) -> None:
        if name not in self.source:
            return
        value = self.source[name]
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            self.values[name] = frozenset(value)
        else:
            self.refuse(name, "список строк")

    def words(self, name: str) -> None:
        """Read a list of different words, at least one; their order is kept."""
        if name not in self.source:
            return
        value = self.source[name]
        if isinstance(value, list) and value and all(isinstance(each, str) and each for each in value):
            self.values[name] = tuple(dict.fromkeys(value))
        else:
            self.refuse(name, "непустой список строк")

    def text(self, name: str) -> None:
        if name not in self.source:
            return
        if isinstance(self.source[name], str):
            self.values[name] = self.source[name]
        else:
            self.refuse(name, "строка")

    def growing(self, name: str) -> None:
        """Read a list of whole numbers above 0, each greater than the one before; an empty one is allowed."""
        if name not in self.source:
            return
        value = self.source[name]
        is_list = isinstance(value, list) and all(type(each) is int and each > 0 for each in value)
        if is_list and value == sorted(set(value)):
            self.values[name] = tuple(value)
        else:
            self.refuse(name, "список целых чисел по возрастанию")

    def lists(self, name: str) -> None:
        """Read a table: key -> list of words, at least one."""
        if name not in self.source:
            return
        table = self.source[name]
        is_table = isinstance(table, Mapping) and all(
            isinstance(row, list) and row and all(isinstance(each, str) for each in row) for row in table.values()
        )
        if is_table:
            self.values[name] = {str(key): tuple(row) for key, row in table.items()}
        else:
            self.refuse(name, "таблица «шкала — список уровней»")

    def procedures(self, name: str, kind: Any) -> None:
        """Read a required list of tables {kind, subject, grade} without repetitions."""
        rows = self.source.get(name)
        if not isinstance(rows, list) or not rows or not all(_is_procedure(row) for row in rows):
            self.refuse(name, "непустой список процедур {kind, subject, grade}")
            return
        found = tuple(kind(**row) for row in rows)
        if len(set(found)) < len(found):
            self.refuse(name, "список без повторов")
        self.values[name] = found

    def part(self, name: str, *, known: Collection[str]) -> "Reader | None":
        """Return a reader of a nested table; None when it is absent, null (stored as None) or no table."""
        if name not in self.source:
            return None
        table = self.source[name]
        if table is None:
            self.values[name] = None
            return None
        if not isinstance(table, Mapping):
            self.refuse(name, "таблица")
            return None
        return Reader(table, known=known, prefix=f"{self.prefix}{name}.")

    def accept(self, name: str, part: "Reader", kind: Any) -> None:
        """Take a nested table over, with its problems."""
        self.problems += part.problems
        if not part.problems:
            self.values[name] = kind(**part.values)


def _is_procedure(row: object) -> bool:
    return (
        isinstance(row, Mapping)
        and set(row) == {"kind", "subject", "grade"}
        and isinstance(row["kind"], str)
        and isinstance(row["subject"], str)
        and isinstance(row["grade"], int)
        and not isinstance(row["grade"], bool)
    )
