export CGO_ENABLED = 0
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
TARGETS = linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64
FUZZTIME ?= 20s
SIZE ?= 700000

.PHONY: build test lint race golden docs bench fuzz release ci

build: ; go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bundlelab ./cmd/bundlelab
test: ; go test ./...
lint: ; golangci-lint run ./...
race: ; CGO_ENABLED=1 go test -race ./engine ./data/store ./tui/... ./data/ingest/...
golden: ; go test ./tui -update
docs: ; go run ./cmd/bundlelab docs keys > docs/keys.md && go run ./cmd/bundlelab docs designs && go run ./cmd/bundlelab docs board > docs/board.svg
bench: ; cd bench && CGO_ENABLED=1 go build -buildvcs=false -o out/bench . && out/bench -episodes $(SIZE)
ci: ; .ci/run

# Every fuzz target for FUZZTIME each. Inputs are whole files: making each new one
# as small as it gets would take all of the time.
fuzz:
	@for p in $$(go list ./...); do \
	  for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do \
	    echo "$$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$p || exit 1; \
	  done; done

release:
	@mkdir -p dist; for t in $(TARGETS); do \
	  GOOS=$${t%/*} GOARCH=$${t#*/} go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o dist/bundlelab-$${t%/*}-$${t#*/} ./cmd/bundlelab || exit 1; done
