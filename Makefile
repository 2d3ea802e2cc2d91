.PHONY: build test lint format golden catalog check-generated bench

build:
	go build -trimpath -o bin/detlint ./cmd/detlint

test:
	go test ./...

lint:
	go vet ./...
	go tool -modfile=tools/go.mod staticcheck ./...

format:
	go tool -modfile=tools/go.mod gofumpt -w .

# Rewrites the expected outputs of tests and the pages in docs/checks.
golden:
	go test ./cmd/detlint ./config ./report ./lint -update

bench:
	go test -run '^$$' -bench . -benchmem ./...

# The rules the built-in catalog is made of. See docs/catalog.md.
SIGMA_RULES ?= ../shared/corpora/sigma
SIGMA_COMMIT ?= 8eaafff1f2845a696050e05e72ba1140ee190698
CATALOG = go run ./cmd/detlint catalog build --quiet --date 2026-08 \
	--source sigma=$(SIGMA_RULES) --commit sigma=$(SIGMA_COMMIT)

catalog:
	$(CATALOG) --output catalog/default.bin

check-generated:
	@if [ ! -d "$(SIGMA_RULES)" ]; then \
		echo "catalog: skipped, no rules in $(SIGMA_RULES)"; \
	else \
		tmp=$$(mktemp) && $(CATALOG) --output $$tmp && cmp $$tmp catalog/default.bin && echo "catalog: current"; \
		status=$$?; rm -f $$tmp; exit $$status; \
	fi
