"""The tiny workspace with a river chief for each water zone, one of them not recorded."""

import json
from pathlib import Path

import tiny_workspace

CHIEF, PHONE, OFFICE = "王河长", "0356-4229999", "甲县水务局"
SECRETS = (CHIEF, PHONE, OFFICE)
ATTRIBUTES = """\
attributes:
  chief: {zh: 河长姓名, en: name of the chief}
  phone: {zh: 电话, en: telephone}
  office: {zh: 责任单位, en: office in charge}
  source: {zh: 水源, en: source}
"""
RESPONSIBLE = """\
responsible:
  field: chief
  title: {zh: 河长, en: river chief}
  office_field: office
  contact_field: phone
"""


def build(root: Path, *, more: str = RESPONSIBLE, accuracy_m: float = 0.0) -> Path:
    """Write the workspace; `more` ends the definition of the layer of water."""
    tiny_workspace.build(root, accuracy_m=accuracy_m)
    path = root / "layers" / "water.yaml"
    path.write_text(path.read_text(encoding="utf-8") + ATTRIBUTES + more, encoding="utf-8")
    data = root / "layers" / "data" / "water.geojson"
    document = json.loads(data.read_text(encoding="utf-8"))
    for feature in document["features"]:
        told = feature["properties"]["zone_id"] == "W1"
        who = (CHIEF, PHONE, OFFICE) if told else ("", "", "")
        feature["properties"] |= {"chief": who[0], "phone": who[1], "office": who[2], "source": "下芹泉"}
    data.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return root
