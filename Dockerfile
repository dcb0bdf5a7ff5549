# The controller's image: one static program, no shell, no user that could be root.
#   docker build --tag kubectl-opencode .
FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /source
COPY Cargo.toml Cargo.lock build.rs ./
COPY src src
COPY deploy deploy
# Alpine's own target is musl, and static.
RUN cargo build --release --locked --bin kubectl-opencode

FROM scratch
COPY --from=build /source/target/release/kubectl-opencode /kubectl-opencode
COPY LICENSE /LICENSE
USER 65532:65532
ENTRYPOINT ["/kubectl-opencode"]
CMD ["controller", "--leader-elect", "--listen=0.0.0.0:8080"]
