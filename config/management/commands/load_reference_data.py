from typing import Any

from django.core.management.base import BaseCommand

from config.catalogues import load_reference_data


class Command(BaseCommand):
    help = "Загружает наборы правил, каталоги факторов и показатели из файлов поставки. Повторять безопасно."

    def handle(self, *_args: Any, **_options: Any) -> None:
        load_reference_data()
        self.stdout.write("Наборы правил, факторы риска и показатели загружены.")
