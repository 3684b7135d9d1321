# The executable, the C library it was linked against and what TLS needs, staged by `./build.sh image` in artifacts/image; no
# distribution, no shell.
FROM scratch
COPY artifacts/image/ /
USER 65532:65532
EXPOSE 8081 8082
HEALTHCHECK --interval=5s --timeout=6s CMD ["/fnlb", "health"]
ENTRYPOINT ["/fnlb"]
