# Builds the service's image: docker build --tag contactsvc .
# The tag of the base is pinned to a Python and a Debian; docs/how-to/deploy.rst shows how to pin
# its digest too.

FROM python:3.13-slim-trixie AS build

WORKDIR /build
# The environment has no pip of its own: the last stage needs none.
RUN python -m venv --without-pip /opt/contactsvc
COPY requirements/build.txt requirements/service.txt requirements/
# From the lock, with hashes: what builds stays out of the environment.
RUN --mount=type=cache,target=/root/.cache/pip \
    pip install --root-user-action=ignore --disable-pip-version-check \
        --require-hashes --requirement requirements/build.txt \
    && pip wheel --disable-pip-version-check --no-build-isolation --wheel-dir wheels \
        --require-hashes --requirement requirements/service.txt
COPY pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY contactsvc contactsvc
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --disable-pip-version-check --no-build-isolation --wheel-dir wheels --no-deps . \
    && pip --python /opt/contactsvc/bin/python install --root-user-action=ignore \
        --disable-pip-version-check --no-index --no-deps wheels/*.whl


FROM python:3.13-slim-trixie

LABEL org.opencontainers.image.title="contactsvc" \
      org.opencontainers.image.description="A self-hosted contacts service" \
      org.opencontainers.image.licenses="MIT"

RUN python -m pip uninstall --yes --quiet --root-user-action=ignore pip \
    && groupadd --gid 10001 contactsvc \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data \
        --shell /usr/sbin/nologin contactsvc \
    && install --directory --owner=contactsvc --group=contactsvc --mode=0700 /data

COPY --from=build /opt/contactsvc /opt/contactsvc

ENV PATH=/opt/contactsvc/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATA_DIR=/data \
    LOG_FORMAT=json

# By number: Kubernetes cannot tell of a name that it is not root's.
USER 10001:10001
WORKDIR /data
EXPOSE 8000
STOPSIGNAL SIGTERM

# Whether the process answers. Whether it can also work is a question for load balancers, at
# /api/healthchecker: restarting a container brings no PostgreSQL back.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-IS", "-c", "import os, http.client as h; c = h.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=3); c.request('GET', '/livez'); raise SystemExit(c.getresponse().status != 200)"]

CMD ["contactsvc", "serve"]
