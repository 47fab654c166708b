# Each command prepares what it needs (scripts/bootstrap.py): the first start of a fresh clone takes up to a minute,
# later ones go straight on. The same environment serves `.venv/bin/python manage.py …`.

.DEFAULT_GOAL := help
.PHONY: help run test check fix bench seed lock

# Works without a locale and with an empty home directory.
export LANG := C.UTF-8
export PYTHONUTF8 := 1
unexport LC_ALL
# Compiled files stay beside their modules: every process of the portal and of the tests starts in half the time.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
PREPARE := $(PYTHON) scripts/bootstrap.py
# What `check --deploy` has to be told: it judges the code, not the machine it runs on.
DEPLOYED := DEBUG=false HTTPS=true ALLOWED_HOSTS=portal.example CSRF_TRUSTED_ORIGINS=https://portal.example \
	SECRET_KEY=only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH
LOCK := uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --quiet \
	--custom-compile-command "make lock"

help: ## этот список
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' Makefile

run: ## установить недостающее и запустить портал с демонстрационными данными (PORT=8000)
	@$(PREPARE) -- manage.py up

test: ## все тесты, включая браузерные; часть: make test ARGS=tests/jobs
	@$(PREPARE) --dev --browser -- -m pytest --numprocesses auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder $(ARGS)

check: ## ничего не меняя: стиль, формат, типы, направления импортов, шаблоны, миграции, настройки
	@$(PREPARE) --dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(DEPLOYED) $(BIN)/python manage.py check --deploy --fail-level WARNING

fix: ## исправить стиль и форматирование
	@$(PREPARE) --dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: ## замеры скорости таблицей с отношениями; часть: make bench ARGS=read_xlsx
	@$(PREPARE) --bench -- -m benchmarks.run $(ARGS)

seed: ## загрузить демонстрационные данные заново
	@$(PREPARE) -- manage.py seed $(ARGS)

lock: ## пересчитать файлы с версиями зависимостей после правки pyproject.toml (нужен uv)
	$(LOCK) --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) --group dev --group bench --constraint requirements-dev.lock --output-file requirements-bench.lock
