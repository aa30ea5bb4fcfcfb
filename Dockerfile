# camgate beside a Django (or any other) web application: see compose.yaml and docs/deploy/docker.md.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No install scripts: koffi ships its binary in the package, and ffmpeg-static would download an ffmpeg that is not
# needed, because Debian's is installed below.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY src ./src
RUN npm run build

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg tini \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o node -g node /var/cache/camgate \
  && install -d -o node -g node -m 700 /var/lib/camgate
WORKDIR /app
# HOST and PORT take precedence over cameras.yaml: a container is reached from outside, and its port is mapped with -p.
# So camgate starts here only if server.auth in cameras.yaml, or CAMGATE_AUTH=none, says who may come in.
# The clips of simulated cameras are kept in XDG_CACHE_HOME.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=5000 XDG_CACHE_HOME=/var/cache
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY src/dashboard ./src/dashboard
COPY src/stream/no-picture.jpg ./src/stream/no-picture.jpg
# The example with simulated cameras. Mount your own file over /app/cameras.yaml.
COPY package.json cameras.yaml ./
USER node
EXPOSE 5000
# Checks camgate, not the cameras: an unplugged camera is no reason to restart the container. On its first start,
# camgate makes the clips of simulated cameras before it listens. It asks by https if that is what camgate speaks.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["node", "dist/main.js", "health"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "dist/main.js", "serve"]
