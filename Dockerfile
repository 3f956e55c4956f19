# Assent in a container: docker build -t assent . && docker run -p 127.0.0.1:4443:4443 assent
# Nothing in it depends on the processor: the package is built once, where the build runs, and installed for each platform.
FROM --platform=$BUILDPLATFORM node:24-slim AS build
WORKDIR /source
COPY . .
RUN npm run package && mv assent-*.tgz /assent.tgz

FROM node:24-slim
COPY --from=build /assent.tgz /tmp/assent.tgz
RUN npm install --global --omit=dev --no-audit --no-fund /tmp/assent.tgz && rm /tmp/assent.tgz && npm cache clean --force \
    && install --directory --owner=node --group=node /home/node/.assent
USER node
WORKDIR /home/node
# Certificates and keys: keep it, and the authority that others trust stays the same.
VOLUME /home/node/.assent
EXPOSE 4443
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --start-interval=1s CMD ["assent", "doctor", "--wait", "4"]
# On every address, so that the published port reaches it. Publish it on 127.0.0.1 unless others may answer for everybody.
CMD ["assent", "start", "--host", "0.0.0.0"]
