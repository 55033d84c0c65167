"""Questionnaires, fielding, intake, log and datasets. Never imports Flask, `analysis` or `portal`."""
