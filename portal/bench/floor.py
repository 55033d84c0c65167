"""The floors: a bare Flask hello, and a bare view that checks the same fields and commits one row."""

from __future__ import annotations

import secrets

from flask import Flask, abort, request
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, Text, insert

from survey.storage.engine import Database

metadata = MetaData()
row = Table(
    "bench_row",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("body", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
)


def floor_app(url: str, fields: int) -> Flask:
    """`/hello` answers a constant; `/submit` checks token and answers and commits one row by Core INSERT."""
    app = Flask(__name__)
    database = Database(url)
    metadata.create_all(database.engine)

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    @app.post("/submit")
    def submit() -> str:
        answers = [request.form.get(f"q{number}", "") for number in range(fields)]
        if not request.form.get("token") or any(value not in {"1", "2", "3", "4", "5"} for value in answers):
            abort(400)
        values = {"id": secrets.token_hex(16), "body": ",".join(answers), "salt": secrets.token_bytes(32)}
        with database.write() as connection:
            connection.execute(insert(row), values)
        return "recorded"

    return app
