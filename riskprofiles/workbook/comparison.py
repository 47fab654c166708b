"""What a filled book would change in the form as it stands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from riskprofiles.answers import FIELD_TITLES, OWN_FACTOR_CODE, Field, Value
from riskprofiles.workbook.form import FormRow, stored_value, words_of
from riskprofiles.workbook.reader import ReadRow


@dataclass(frozen=True, kw_only=True)
class Change:
    """One answer that the file would change; `factor` is "" for an own risk that the form does not have yet."""

    row: int
    factor: str
    title: str
    field: Field
    old: Value
    new: Value

    @property
    def field_title(self) -> str:
        return FIELD_TITLES[self.field]

    @property
    def old_words(self) -> str:
        return words_of(self.field, self.old)

    @property
    def new_words(self) -> str:
        return words_of(self.field, self.new)


def changes(rows: Iterable[ReadRow], form: Sequence[FormRow]) -> Iterator[Change]:
    """Yield what the file would change in the form as it stands: old -> new."""
    by_code = {row.code: row.answer for row in form if row.code != OWN_FACTOR_CODE}
    by_title = {row.answer.title.casefold(): row.answer for row in form}
    for row in rows:
        answer = by_code.get(row.code) or by_title.get(row.title.casefold())
        for column, new in row.values.items():
            old = stored_value(answer, column) if answer else None
            if old != new:
                yield Change(
                    row=row.row,
                    factor=answer.factor if answer else "",
                    title=answer.title if answer else row.title,
                    field=column,
                    old=old,
                    new=new,
                )
