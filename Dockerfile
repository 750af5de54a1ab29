# One image for every role: docker run yishu serve --role resolver|verifier|console.

FROM python:3.11-slim-bookworm AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python -m venv /opt/yishu
# The lock alone first, so that a change of the source does not install the dependencies anew.
COPY requirements.lock ./
RUN /opt/yishu/bin/pip install --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md LICENSE* ./
COPY matching matching
COPY service service
COPY proto proto
COPY configs configs
RUN /opt/yishu/bin/pip install --no-deps . && /opt/yishu/bin/yishu --help

FROM python:3.11-slim-bookworm AS runtime
RUN groupadd --system --gid 10001 yishu \
  && useradd --system --uid 10001 --gid yishu --no-create-home --home-dir /var/lib/yishu yishu \
  && install -d -o yishu -g yishu /var/lib/yishu
COPY --from=builder /opt/yishu /opt/yishu
ENV PATH=/opt/yishu/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# By number, so that an orchestrator can see that it is not root.
USER 10001:10001
WORKDIR /var/lib/yishu
# The store, and nothing else that must survive.
VOLUME ["/var/lib/yishu"]
# The resolver and the verifiers.
EXPOSE 50051 50052
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["yishu", "health"]
ENTRYPOINT ["yishu"]
CMD ["serve"]
