"""The self-diagnosis form SA-3 as an Excel book: written with what is known already, read back as plain answers.

Knows no database. The hidden sheet «meta» says whose form it is; a book of another school, year or version is refused.
Source: domain specification, 3.8.
"""

from riskprofiles.workbook.comparison import Change, changes
from riskprofiles.workbook.form import FormKey, FormRow
from riskprofiles.workbook.reader import ReadForm, ReadRow, RowProblem, WrongForm, read_form
from riskprofiles.workbook.writer import build_form

__all__ = [
    "Change",
    "FormKey",
    "FormRow",
    "ReadForm",
    "ReadRow",
    "RowProblem",
    "WrongForm",
    "build_form",
    "changes",
    "read_form",
]
