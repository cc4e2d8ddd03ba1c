# Griot in one static binary, without a shell or a package manager around it.
# docker build --build-arg VERSION=$(git describe --tags --always) -t griot .

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=docker
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/griot . \
    && mkdir /out/data

# Time zones are inside the binary; certificate authorities come along.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/griot /griot
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV GRIOT_ADDR=0.0.0.0:8080 GRIOT_DATA=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/griot"]
CMD ["serve"]
