.PHONY: build test lint format golden catalog check-generated bench completions man

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
	go test ./action -run Tables -update

bench:
	go test -run '^$$' -bench . -benchmem ./...

# For the archives of a release.
completions:
	mkdir -p completions
	for shell in bash zsh fish powershell; do \
		go run ./cmd/detlint completion $$shell >completions/detlint.$$shell || exit 1; \
	done

man:
	go run ./cmd/detlint man man

# The rules the built-in catalog is made of: CORPORA has a folder for each of
# SOURCES, whose commits, dates and licences stand in catalog/sources.yml. See
# docs/catalog.md.
CORPORA ?= ../shared/corpora
SOURCES ?= sigma elastic splunk kusto
DATE = 2026-08
CATALOG = go run ./cmd/detlint catalog build --quiet --date $(DATE) --about catalog/sources.yml \
	$(foreach s,$(SOURCES),--source $(s)=$(CORPORA)/$(s))
MISSING = $(foreach s,$(SOURCES),$(if $(wildcard $(CORPORA)/$(s)/.),,$(s)))

catalog:
	@if [ -n "$(strip $(MISSING))" ]; then echo "catalog: no rules of $(strip $(MISSING)) in $(CORPORA)" >&2; exit 1; fi
	$(CATALOG) --output catalog/default.bin

check-generated:
	@if [ -n "$(strip $(MISSING))" ]; then \
		echo "catalog: not checked, no rules of $(strip $(MISSING)) in $(CORPORA)"; \
	else \
		tmp=$$(mktemp) && $(CATALOG) --output $$tmp && cmp $$tmp catalog/default.bin && echo "catalog: current"; \
		status=$$?; rm -f $$tmp; exit $$status; \
	fi
