"""The sentences of a comparison: what is known of the project, and why a clause comes out as it does."""

from collections.abc import Iterable
from datetime import date

from zoning.rules.access.clauses import AccessList, Clause
from zoning.rules.access.entries import UnitComparison
from zoning.rules.access.hits import UnitHit
from zoning.rules.access.unit_codes import class_in
from zoning.rules.access.words import CLASS_TITLES, NOT_COMPARED, Result
from zoning.rules.facts import Vocabulary
from zoning.rules.truth import Answer, Truth
from zoning.texts import Text, joined


def clause_reasons(
    clause: Clause, result: Result, answers: tuple[Answer, Answer | None], vocabulary: Vocabulary
) -> tuple[Text, ...]:
    """Return why a clause comes out as it does; `answers` are those of its two conditions."""
    concerned, met = answers
    places = [p.reason for answer in answers if answer is not None for p in answer.places]
    if result == "not_concerned":
        first = Text("项目不属于本条针对的情形", "the project is not what the clause is about")
        return (first, *_unique(p.reason for p in concerned.places))
    if result == "complies":
        return (Text("项目事实满足本条要求", "the facts of the project meet the clause"), *_unique(places))
    if result == "violates":
        return (Text("项目事实不满足本条要求", "the facts of the project do not meet the clause"), *_unique(places))
    reasons: list[Text] = []
    missing = dict.fromkeys((*concerned.missing, *(met.missing if met is not None else ())))
    if missing:
        titles = [vocabulary.facts[name].title for name in missing]
        named = joined(titles)
        reasons.append(Text(f"尚不知道：{named.zh}", f"not known: {named.en}"))
    unknown = [p.reason for a in answers if a is not None for p in a.places if p.truth is Truth.UNKNOWN]
    reasons.extend(_unique(unknown))
    if clause.complies_when is None:
        reasons.append(Text("本条没有机器条件，须人工对照", "no machine condition: compare by hand"))
    return tuple(reasons)


def _unique(texts: Iterable[Text]) -> tuple[Text, ...]:
    return tuple(dict.fromkeys(texts))


def contradictions(hit: UnitHit, own: Iterable[AccessList]) -> list[Text]:
    """Return what code, layer and list say differently of one unit."""
    told = class_in(hit.code)
    warnings: list[Text] = []
    if told is not None and hit.class_id in CLASS_TITLES and hit.class_id != told:
        warnings.append(
            Text(
                f"单元 {hit.code} 的编码表示{CLASS_TITLES[told].zh}，图层中却是另一类：两类的条款都已列出",
                f"the code of unit {hit.code} says {CLASS_TITLES[told].en}, the layer another class: clauses of both "
                "are listed",
            )
        )
    names = {edition.records[hit.code].name for edition in own if hit.code in edition.records}
    strange = sorted(name for name in names if name and hit.name and name != hit.name)
    if strange:
        warnings.append(
            Text(
                f"单元 {hit.code} 在图层中名为“{hit.name}”，在清单中名为“{strange[0]}”：请核对版本",
                f"unit {hit.code} is called '{hit.name}' in the layer and '{strange[0]}' in the list: compare the "
                "editions",
            )
        )
    return warnings


def expired(edition: AccessList, last: date, on: date) -> Text:
    """Return the sentence about a unit whose list does not hold on the day."""
    end = "…" if last == date.max else str(last)
    return Text(
        f"{NOT_COMPARED.zh}：《{edition.title.zh}》（{edition.id}）的有效期是 {edition.valid_from} 至 {end}，不含 {on}",
        f"{NOT_COMPARED.en}: '{edition.title.en}' ({edition.id}) is in force from {edition.valid_from} to {end}, "
        f"not on {on}",
    )


def unknown_unit(code: str, lists: Iterable[AccessList]) -> Text:
    """Return the sentence about a unit that no list speaks of; `lists` are those that hold around it."""
    near = list(lists)
    if near:
        names_zh = "、".join(f"《{edition.title.zh}》" for edition in near)
        names_en = ", ".join(f"'{edition.title.en}'" for edition in near)
        return Text(
            f"{NOT_COMPARED.zh}：{names_zh}中没有单元 {code}；请核对单元图层与清单是否同一版本",
            f"{NOT_COMPARED.en}: {names_en} does not know unit {code}; compare the editions of layer and list",
        )
    return Text(
        f"{NOT_COMPARED.zh}：工作空间没有单元 {code} 的准入清单；用 zoning rules import-list 导入",
        f"{NOT_COMPARED.en}: the workspace has no access list for unit {code}; import it with: zoning rules "
        "import-list",
    )


def open_clauses(entries: Iterable[UnitComparison]) -> Text | None:
    """Return the remark beside the answer: how many clauses a person still has to compare; None when there are none."""
    listed = list(entries)
    count = sum(1 for entry in listed for clause in entry.clauses if clause.result == "to_verify")
    without = [entry.unit for entry in listed if entry.status == "no_list" and entry.unit is not None]
    parts_zh, parts_en = [], []
    if count:
        parts_zh.append(f"准入清单有 {count} 条需进一步核实")
        clauses = "clause" if count == 1 else "clauses"
        parts_en.append(f"{count} {clauses} of access lists left for a person to compare")
    if without:
        parts_zh.append(f"{len(without)} 个管控单元缺清单，未核查")
        units = "management unit" if len(without) == 1 else "management units"
        parts_en.append(f"{len(without)} {units} without a list, not compared")
    if not parts_zh:
        return None
    return Text("另：" + "；".join(parts_zh) + "。", "Besides: " + "; ".join(parts_en) + ".")


def access_step(entries: Iterable[UnitComparison]) -> Text:
    """Return the step of the trace that tells how much was compared."""
    units = [entry for entry in entries if entry.unit is not None]
    clauses = sum(len(entry.clauses) for entry in units)
    without = sum(1 for entry in units if entry.status != "compared")
    return Text(
        f"准入清单：{len(units)} 个管控单元（{without} 个缺清单），对照 {clauses} 条",
        f"access lists: {len(units)} management units ({without} without a list), {clauses} clauses compared",
    )
