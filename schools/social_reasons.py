"""Why a school is in a list of hard social conditions: its index and every part as reasons. No queries."""

from accounts.russian import NBSP, number
from schools.list_kinds import Reasons
from schools.models import SchoolSocialIndex
from schools.social import SocialRule
from schools.social_pages import IndexRow, PartRow, plain


def social_reasons(index: SchoolSocialIndex, rule: SocialRule) -> Reasons:
    """Return [{code, reference, text, printed}]: the index against the cut first, then the parts of the rule.

    A part without a value is told as not known, which is never a zero.
    """
    return [index_reason(index, rule), *(part_reason(PartRow(part=part)) for part in index.evidence)]


def index_reason(index: SchoolSocialIndex, rule: SocialRule) -> dict[str, str]:
    row = IndexRow(stored=index, rule=rule)
    told = f"индекс {row.index} при пороге {plain(rule.cut)}, известно {row.completeness} веса показателей"
    if row.range:
        told += f", с недостающими сведениями возможно {row.range}"
    return reason("SHNSU", row.index, f"{told[0].upper()}{told[1:]}.")


def part_reason(row: PartRow) -> dict[str, str]:
    title, weight = row.part.title, f"вес {row.weight}"
    if not row.part.is_known:
        return reason("NO_DATA", row.part.code, f"{title}: нет сведений, {weight} разделён между известными.")
    share = f"{row.counts} ({row.x}{NBSP}%)"
    return reason(
        "PART",
        row.part.code,
        f"{title}: {share}, {weight}, из 100 баллов снято {number(row.part.contribution, 2)}.",
    )


def reason(code: str, reference: str, text: str) -> dict[str, str]:
    return {"code": code, "reference": reference, "text": text, "printed": text}
