# make run     build, serve the demonstration ledger in ./.suyuan (kept between runs) until stopped
# make build   the browser's scripts, then the binary .bin/suyuan
# make test    everything that must pass; installs what it needs, or says what to install
# make check   format, vet, staticcheck, architecture, modules, generated files
# make race    the race detector over what readers, the fold and the wire share; needs a C compiler, takes minutes
# make conformance  the official EventStoreDB client's own tests against the wire face; takes ports 2111 to 2113 of localhost
# make bench   what the ledger can carry, in one table, beside PostgreSQL 15; BENCH='-only trace,http' runs parts of it
# make fmt | generate | clean

# One home for every tool's cache, also where there is no home to write to.
HOME_OK := $(shell test -n "$$HOME" && test -d "$$HOME" && test -w "$$HOME" && echo yes)
ifneq ($(HOME_OK),yes)
export HOME := $(CURDIR)/.cache/home
$(shell mkdir -p '$(HOME)')
endif

# Nothing here needs a C compiler, so the same binary comes out with and without one.
export CGO_ENABLED ?= 0

GO_DIRS := cmd portal schema seeds services test
GO_FILES = $(shell find $(GO_DIRS) -name node_modules -prune -o -name '*.go' -print)

NODE_STAMP := portal/node_modules/.installed
BUNDLE := portal/static/dist/app.js portal/static/dist/report.js portal/static/dist/issuer.js portal/static/dist/narrative.js
BUNDLE_FROM := $(wildcard portal/static/src/*.* portal/static/src/*/*.*) portal/build.mjs

BENCH_STAMP := test/bench/node_modules/.installed
FOLLOW_STAMP := test/follow/node_modules/.installed

.PHONY: build run bundle test check race conformance bench fmt generate clean

build: bundle
	go build -trimpath -o .bin/suyuan ./cmd/suyuan

run: build
	@exec .bin/suyuan serve --demo --cut-every 30s

bundle: $(BUNDLE)

$(NODE_STAMP): portal/package.json portal/package-lock.json portal/.npmrc
	cd portal && npm ci
	@touch $@

$(BUNDLE) &: $(BUNDLE_FROM) $(NODE_STAMP)
	cd portal && node build.mjs

test: bundle $(FOLLOW_STAMP)
	@sh test/setup/packages
	go vet ./...
	go test -count=1 -p 2 -timeout 25m ./...

check: bundle
	@sh test/setup/formatted $(GO_FILES)
	go vet ./...
	go tool staticcheck ./...
	go test -count=1 ./test/arch
	go mod tidy -diff
	go mod verify
	@sh test/setup/generated $(GO_DIRS)

# The detector makes everything ten times as slow: the longest properties run fewer cases. Those of
# the graph refuse to pass with so few.
race:
	CGO_ENABLED=1 go test -race -count=1 -p 1 -timeout 25m -rapid.checks=10 ./services/view ./services/search
	CGO_ENABLED=1 go test -race -count=1 -p 1 -timeout 25m ./services/graph/... ./services/desk
	CGO_ENABLED=1 go test -race -count=1 -p 1 -short -timeout 25m ./services/store/wire/... ./services/store/hold ./services/migration/...

# The suite has dependencies of its own, which are fetched as it needs them and are none of ours.
conformance:
	go build -trimpath -o .bin/conformance ./test/conformance
	@exec .bin/conformance

bench: build $(BENCH_STAMP)
	@sh test/setup/postgres
	go build -trimpath -o .bin/bench ./test/bench
	@exec .bin/bench $(BENCH)

$(BENCH_STAMP): test/bench/package.json test/bench/package-lock.json test/bench/.npmrc
	cd test/bench && npm ci
	@touch $@

$(FOLLOW_STAMP): test/follow/package.json test/follow/package-lock.json test/follow/.npmrc
	cd test/follow && npm ci
	@touch $@

fmt:
	@gofmt -l -w $(GO_FILES)

generate:
	go generate ./...

clean:
	rm -rf .bin .cache/bench portal/node_modules test/bench/node_modules test/follow/node_modules services/calendar/renew/node_modules
	find portal/static/dist -type f ! -name .gitkeep -delete
