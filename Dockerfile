# One image for every process of the hub; the lock is the same as everywhere.
FROM python:3.11.14-slim-bookworm

RUN useradd --create-home --uid 10001 rtv \
    && mkdir -p /var/lib/rtv /opt/rtv /data \
    && chown rtv:rtv /var/lib/rtv /opt/rtv /data
WORKDIR /opt/rtv
COPY requirements.lock ./
RUN pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.lock
COPY --chown=rtv:rtv . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable .
USER rtv
ENV PYTHONPATH=/opt/rtv:/opt/rtv/plugins PYTHONUNBUFFERED=1 DO_NOT_TRACK=1
CMD ["rtv", "--help"]
