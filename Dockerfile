# Glider in a container; docs/containers.md tells how it is used.

# the program as it is released: bundled, and beside it the store's addon for this platform alone
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --loglevel=error
COPY CHANGELOG.md LICENSE README.md config.toml dependencies.json ./
COPY docs docs
COPY packaging/systemd packaging/systemd
COPY scripts scripts
COPY src src
RUN node scripts/pack.mjs /release && mkdir /program && tar -xzf /release/glider-*.tgz -C /program --strip-components=1

FROM node:24.21.0-bookworm-slim
# a volume takes over owner and mode of the folder that it is mounted on at first
RUN install -d -o 1000 -g 1000 -m 0700 /data && install -d -o 1000 -g 1000 -m 0750 /tokens \
  && ln -s /opt/glider/dist/Main.js /usr/local/bin/glider
COPY --from=build /program /opt/glider
COPY packaging/containers/config.toml /etc/glider/config.toml
ENV NODE_ENV=production \
  GLIDER_CONFIG_TOML=/etc/glider/config.toml \
  GLIDER_DATA_DIR=/data \
  GLIDER_SECRETS_DIR=/run/secrets \
  CACHE_DIRECTORY=/tmp
WORKDIR /opt/glider
USER 1000:1000
VOLUME /data
EXPOSE 4747
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --retries=3 CMD ["node", "dist/Main.js", "health"]
CMD ["node", "dist/Main.js", "run"]
