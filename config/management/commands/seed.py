import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.errors import ActionRefused
from config.demo.build import MadeDemo, build_demo, build_region
from config.demo.stages import Stage


class Command(BaseCommand):
    help = "Загружает демонстрационный регион через действия портала; отказывается, если в базе уже есть данные."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stage", choices=[str(stage) for stage in Stage], default=str(Stage.MONITORED))
        parser.add_argument("--seed", type=int, default=1, help="Число, от которого зависят пароли и случайные данные.")
        parser.add_argument("--schools", type=int, help="Школ в вымышленном регионе (вместо Светлобора).")
        parser.add_argument("--municipalities", type=int, default=1, help="Муниципалитетов в вымышленном регионе.")
        parser.add_argument("--years", type=int, nargs="+", default=[2025, 2026], help="Годы результатов.")
        parser.add_argument("--json", action="store_true", help="Ответ одним объектом JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            made = build(options)
        except ActionRefused as refusal:
            raise CommandError(refusal.text, returncode=1) from refusal
        answer = made.as_json()
        settings.DEMO_SIGNINS.write_text(json.dumps(answer["users"], ensure_ascii=False, indent=1), encoding="utf-8")
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else as_text(answer))


def build(options: dict[str, Any]) -> MadeDemo:
    if options["schools"]:
        return build_region(
            schools=options["schools"],
            municipalities=options["municipalities"],
            years=options["years"],
            seed=options["seed"],
        )
    return build_demo(stage=Stage(options["stage"]), seed=options["seed"])


def as_text(answer: dict[str, Any]) -> str:
    lines = [f"Школ: {len(answer['schools'])}, территорий: {len(answer['territories'])}. Входы:"]
    return "\n".join([*lines, *(f"  {user['login']} / {user['password']}" for user in answer["users"])])
