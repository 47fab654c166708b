"""Bring the shipped catalogues of risk factors into the database; safe to repeat."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from riskprofiles.actions import load_catalogues


class Command(BaseCommand):
    help = "Загружает каталоги факторов риска из файлов портала. Замороженные каталоги не меняет."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="ответ одним объектом JSON")

    def handle(self, **options: Any) -> None:
        catalogues = [
            {"code": catalogue.code, "title": catalogue.title, "factors": catalogue.factors.count()}
            for catalogue in load_catalogues()
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"catalogues": catalogues}, ensure_ascii=False))
            return
        for catalogue in catalogues:
            self.stdout.write(f"{catalogue['code']}: {catalogue['title']}, факторов {catalogue['factors']}")
