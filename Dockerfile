# syntax=docker/dockerfile:1
FROM node:22-alpine AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:22-alpine
ENV NODE_ENV=production
WORKDIR /app
# SQLite files and whatever else a user mounts; writable by the account below.
RUN mkdir /data && chown node:node /data
VOLUME /data
COPY package.json LICENSE ./
COPY bin ./bin
COPY sql ./sql
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
# Probes and metrics for this container alone; CDC_HTTP=0.0.0.0:9464 opens them to its network.
ENV CDC_HTTP=127.0.0.1:9464 CDC_LOG_FORMAT=json
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "bin/health.js"]
# Headless: everything comes from CDC_* variables. Other commands go after the image: docker run … pg2any check --env
ENTRYPOINT ["node", "bin/pg2any.js"]
CMD ["replicate", "--env"]
