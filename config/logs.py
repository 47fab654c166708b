"""Logs on stderr: one line per event, with the request it belongs to. JSON on servers, readable text in a terminal."""

import sys
from typing import Any

import structlog
from structlog.typing import Processor

SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,  # request_id, bound by the middleware
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=False),
)


def renderers(*, as_json: bool) -> list[Processor]:
    """Return the last steps of an event's way; in JSON a line break in a value cannot forge a second line."""
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]


def logging_config(*, as_json: bool, level: str) -> dict[str, Any]:
    """Return the value of LOGGING: everything goes through the root, whichever library writes it."""
    meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    lines = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [structlog.stdlib.ExtraAdder(allow={"status_code", "job_id"}), *SHARED],
        "processors": [meta, *renderers(as_json=as_json)],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": lines},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {"django": {"handlers": [], "level": level}},  # instead of Django's own console and mail
    }
