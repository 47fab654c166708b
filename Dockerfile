# One image for the web server, the workers and the scheduler; docker-compose.yml gives each its command.
FROM python:3.11-slim-bookworm AS packages
COPY requirements.lock /tmp/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r /tmp/requirements.lock

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 orientir \
    && install -d -o orientir /data
COPY --from=packages /opt/venv /opt/venv
COPY --chown=root:root . /app
WORKDIR /app
USER orientir
ENV PATH=/opt/venv/bin:$PATH DATA_DIR=/data LANG=C.UTF-8 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", "--threads", "8", "--timeout", "60"]
