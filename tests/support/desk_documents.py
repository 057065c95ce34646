"""Documents of the desk's analyses as their commands write them, of three parcels; small enough to be read."""

from typing import Any


def text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def criterion(title: dict[str, str], weight: float | None, source: dict[str, str]) -> dict[str, Any]:
    return {"title": title, "weight": weight, "source": source}


def priority() -> dict[str, Any]:
    def parcel(number: str, rank: int, phase: str) -> dict[str, Any]:
        return {
            "id": number,
            "name": f"采坑{number}",
            "rank": rank,
            "rank_best": rank,
            "rank_worst": rank + 1,
            "phase": phase,
            "score": 0.5,
            "score_low": 0.4,
            "score_high": 0.6,
            "reason": text("第一期；可见 50 %", "phase 1; 50 % in sight")
            if phase == "sight"
            else text("第二期；远", "phase 2; far"),
            "criteria": {"share": {"reason": text("可见 50 %", "50 % in sight")}},
        }

    return {
        "schema": "zoning.mines.priority/1",
        "on": "2026-11-23",
        "parameters": {
            "phases": {
                "sight": {"title": text("第一期", "phase 1")},
                "rest": {"title": text("第二期", "phase 2")},
            },
            "criteria": {
                "share": {
                    "title": text("可视面积占比", "share in sight"),
                    "weight": 0.75,
                    "source": text("某文件", "a document"),
                },
                "money": {"title": text("资金", "money"), "weight": None, "source": text("团队取值", "team's choice")},
            },
        },
        "sources": {"dem.tif": "ab" * 32},
        "notes": [text("权重为团队取值", "weights are the team's choice")],
        "parcels": [parcel("1", 1, "sight"), parcel("2", 2, "rest")],
        "left_out": [{"id": "3", "name": "采坑3", "reason": text("已恢复治理", "restored")}],
    }


def mode() -> dict[str, Any]:
    def target(
        name: str | None, decision: str | None, forbidden: list[str], *, is_open: bool = False
    ) -> dict[str, Any]:
        return {
            "mode": name,
            "score": None if name is None else [0.25, 0.5],
            "decision": decision,
            "questions": ["new_groundwater_use"] if is_open else [],
            "missing_layers": ["rivers"] if is_open else [],
            "forbidden": forbidden,
            "open_limits": [],
            "settled": "forest" if is_open else name,
        }

    law = {
        "forest": {
            "facts": {"activity": ["mine-restoration", "tree-planting"]},
            "reasons": [{"rule": "R084", "decision": "prohibited"}],
        },
        "grass": {"facts": {"activity": "mine-restoration"}, "reasons": []},
        "natural": {"facts": {"activity": "mine-restoration"}, "reasons": []},
    }

    def parcel(number: str, found: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": number,
            "target": found,
            "way": target("natural", "permitted", []),
            "law": law,
        }

    return {
        "schema": "zoning.mines.mode/1",
        "on": "2026-11-23",
        "parameters": {
            "suitability": {
                "note": text("团队取值", "team's choice"),
                "modes": {
                    "forest": {"title": text("宜林", "forest"), "group": "target"},
                    "grass": {"title": text("宜草", "grass"), "group": "target"},
                    "natural": {"title": text("自然恢复", "natural recovery"), "group": "way"},
                },
            }
        },
        "sources": {"dem.tif": "ab" * 32},
        "rules": {
            "R084": {
                "title": text("基本农田上不得造林", "no trees on basic farmland"),
                "citation": text("某规划 L1", "a plan L1"),
            }
        },
        "questions": {"new_groundwater_use": text("是否新取地下水？", "new groundwater?")},
        "parcels": [
            parcel("1", target("grass", "permitted", ["forest"])),
            parcel("2", target("grass", "undetermined", [], is_open=True)),
            parcel("3", target(None, None, ["forest"])),
        ],
    }


def recovery() -> dict[str, Any]:
    return {
        "schema": "zoning.mines.recovery/1",
        "on": "2026-11-23",
        "dates": ["2025-03-01", "2025-06-01", "2025-09-01"],
        "sources": {},
        "parcels": [
            {
                "id": "1",
                "status": "stalled",
                "reason": text("恢复指数 0.35", "index 0.35"),
                "index": 0.35,
                "target": 0.5,
                "index_trend": {"per_year": 0.004, "p": 0.5, "dates": 3},
                "alarms": [{"kind": "stalled", "since": "2025-06-01", "reason": text("没有上升", "no rise")}],
                "curve": {"values": [0.2, None, 0.3], "reference": [0.6, 0.6, 0.6]},
            },
            {
                "id": "3",
                "status": "no_place",
                "reason": text("没有图形", "no geometry"),
                "index": None,
                "target": None,
                "index_trend": None,
                "alarms": [],
            },
        ],
    }


def works() -> dict[str, Any]:
    def item(applies: bool, quantity: float | None) -> dict[str, Any]:
        return {"item": "backfill", "applies": applies, "quantity": quantity}

    return {
        "schema": "zoning.mines.works/1",
        "on": "2026-11-23",
        "parameters": {"items": {"backfill": {"title": text("回填土石方", "fill"), "unit": "m³"}}},
        "sources": {},
        "notes": [text("不附单价", "no prices")],
        "cost_yuan": None,
        "cost_known_yuan": 123_400.0,
        "parcels": [
            {"id": "1", "cost_yuan": 123_400.0, "items": [item(True, 1234.0)]},  # noqa: FBT003 - the answer itself
            {"id": "2", "cost_yuan": None, "items": [item(True, None)]},  # noqa: FBT003 - the answer itself
            {"id": "3", "cost_yuan": 0.0, "items": [item(False, None)]},  # noqa: FBT003 - the answer itself
        ],
    }
