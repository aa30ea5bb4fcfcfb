# camgate beside a Django (or any other) web application: see compose.yaml and docs/deploy/docker.md. docs/deploy/docker-bake.hcl builds it for amd64 and arm64.
# Each FROM names an exact version of the base; Renovate and Dependabot know how to raise it.

FROM --platform=$BUILDPLATFORM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No install scripts: koffi ships its binary in the package, and ffmpeg-static would download an ffmpeg that is not
# needed, because Debian's is installed below.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY src ./src
RUN npm run build && find dist -name '*.map' -delete

# The packages for the image's processor. Nothing of them runs here, so no other processor is emulated.
FROM --platform=$BUILDPLATFORM node:24.21.0-bookworm-slim AS dependencies
ARG TARGETARCH
WORKDIR /app
COPY package.json package-lock.json ./
RUN cpu=$TARGETARCH; [ "$cpu" != amd64 ] || cpu=x64; \
  npm ci --omit=dev --ignore-scripts --no-audit --no-fund --os=linux --libc=glibc ${cpu:+--cpu=$cpu} \
  && rm -rf node_modules/fluent-ffmpeg/coverage

FROM node:24.21.0-bookworm-slim AS system
# Further packages of Debian, such as drivers for decoding in hardware (docs/deploy/docker.md).
ARG PACKAGES=
# Debian's ffmpeg can open an OpenGL window, for which it wants Mesa with LLVM, 160 MB, although it loads them only then. An empty package stands for Mesa,
# so that apt-get goes on working in images made from this one. What compiles and installs Node's packages is not needed any more.
RUN mkdir -p /tmp/no-mesa/DEBIAN \
  && printf '%s\n' 'Package: no-mesa' 'Version: 1' 'Architecture: all' 'Provides: libglx-mesa0' 'Maintainer: camgate' 'Description: no windows here' > /tmp/no-mesa/DEBIAN/control \
  && dpkg-deb --build /tmp/no-mesa /tmp/no-mesa.deb && dpkg --install /tmp/no-mesa.deb \
  && apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg tini $PACKAGES \
  && rm -rf /var/lib/apt/lists/* /tmp/* /opt/yarn* /usr/local/include /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/yarn* /usr/local/bin/corepack \
  && install -d -o node -g node /config /var/cache/camgate \
  && install -d -o node -g node -m 700 /var/lib/camgate

# The clips of the simulated cameras of cameras.yaml, which every new container would have to make otherwise.
FROM system AS clips
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json cameras.yaml ./
COPY src/setup/clips.mjs ./src/setup/
COPY src/stream/no-picture.jpg ./src/stream/
RUN XDG_CACHE_HOME=/clips node src/setup/clips.mjs

# One layer without what was removed above.
FROM scratch
COPY --from=system / /
ARG VERSION=
ARG REVISION=
LABEL org.opencontainers.image.title=camgate \
  org.opencontainers.image.description="Turns IP cameras (RTSP) into pictures any web page can show" \
  org.opencontainers.image.licenses=MIT \
  org.opencontainers.image.version=$VERSION \
  org.opencontainers.image.revision=$REVISION
WORKDIR /app
# HOST and PORT take precedence over cameras.yaml: a container is reached from outside, and its port is mapped with -p.
# So camgate starts here only if server.auth in cameras.yaml, or CAMGATE_AUTH=none, says who may come in.
# Clips of further simulated cameras are kept in XDG_CACHE_HOME, or in /tmp if that is read-only.
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_ENV=production HOST=0.0.0.0 PORT=5000 CAMGATE_CONFIG=/config/cameras.yaml XDG_CACHE_HOME=/var/cache
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=clips /clips/camgate ./clips
COPY src/dashboard ./src/dashboard
COPY src/stream/no-picture.jpg ./src/stream/no-picture.jpg
COPY package.json ./
# The example with simulated cameras. Mount your own folder over /config: camgate follows the file, and the page can change it.
COPY --chown=1000:1000 cameras.yaml /config/
# The user `node` by number, so that Kubernetes sees that it is not root.
USER 1000:1000
EXPOSE 5000
STOPSIGNAL SIGTERM
# Checks camgate, not the cameras: an unplugged camera is no reason to restart the container. It asks by https if that is what camgate speaks.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["node", "dist/main.js", "health"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "dist/main.js", "serve"]
