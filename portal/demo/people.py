"""The staff of the demonstration. Only `minyi demo` makes these log-ins: their passwords are public."""

from __future__ import annotations

DEMO_STAFF: list[tuple[str, str, str, str]] = [  # e-mail, password, role, name
    ("admin@chengning.example", "demo-administrator", "administrator", "系统管理员 Administrator"),
    ("designer@chengning.example", "demo-designer-1", "designer", "问卷设计员 Designer"),
    ("analyst@chengning.example", "demo-analyst-12", "analyst", "分析员 Analyst"),
    ("reviewer@chengning.example", "demo-reviewer-1", "reviewer", "复核人 Reviewer"),
    ("hotline@chengning.example", "demo-officer-city", "officer", "市热线办 City hotline"),
    ("hrss@chengning.example", "demo-officer-hrss", "officer", "人社局经办员 Officer, Human Resources"),
    ("auditor@chengning.example", "demo-auditor-1", "auditor", "审计人 Auditor"),
]
UNIT_OF = {"hotline@chengning.example": "chengning", "hrss@chengning.example": "hrss"}  # whom an officer acts for
DESIGNER, PROPOSER, CONFIRMER = "designer@chengning.example", "analyst@chengning.example", "reviewer@chengning.example"
HOTLINE, OFFICER, REVIEWER = "hotline@chengning.example", "hrss@chengning.example", CONFIRMER
