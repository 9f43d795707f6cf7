# What is made lies in bin/, .build/, third_party/ and editors/vscode; `make clean` removes it.
# GNU make 3.81, which macOS has, is enough.

BINDINGS := third_party/flyteidl/.made-from
GENIDL   := internal/tools/genidl
TOOLS    := .build/tools/.made
VENV     := .build/venv/.made
VSCODE   := editors/vscode
NODE_MODULES := $(VSCODE)/node_modules/.made
PYRIGHT  := internal/tools/pyright/node_modules/.made
LINT     := go tool -modfile=internal/tools/lint/go.mod
PYTHON_TOOLS := internal/tools/python
PYTHON_SOURCES := examples local/worker sandbox internal/tools/python internal/oracle/oracle.py model/canonical.py model/plugins typeengine/natives.py
# What `make PYTHON=path` or the environment says, else python3 runs the script that chooses.
ENVIRONMENTS = $(if $(PYTHON),PYTHON="$(PYTHON)" "$(PYTHON)",python3) $(PYTHON_TOOLS)/environments.py

help: ## show this text
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

build: $(BINDINGS) ## make bin/flyte-lsp
	@command -v $$(go env CC) >/dev/null || { echo "a C compiler is needed (Debian, Ubuntu: apt-get install gcc libc6-dev; macOS: xcode-select --install)"; exit 1; }
	go build -trimpath -ldflags "-X main.version=$$(git describe --tags --always --dirty 2>/dev/null || echo unknown)" -o bin/flyte-lsp ./cmd/flyte-lsp

demo: build venv ## show the main job on examples/, from the code lens to the result
	bin/flyte-lsp demo --python .build/venv/bin/python

test: build test-deps ## run all tests; the last line tells how many passed
	@internal/tools/test/run

test-long: build test-deps ## fuzz the parser and the workspace, and compare thousands of generated modules with flytekit
	@internal/tools/test/long

test-deps: venv editors $(NODE_MODULES) ## install what the tests need

bench: build venv $(PYRIGHT) ## compare with pyflyte and with other language servers
	go run ./internal/bench

lint: $(BINDINGS) $(TOOLS) $(NODE_MODULES) ## check the style of Go, Python and TypeScript
	@files=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$files" || { echo "run gofmt -w on:"; echo "$$files"; exit 1; }
	go vet ./...
	go fix -diff ./...
	go vet -C $(GENIDL) ./...
	$(LINT) staticcheck ./...
	@dead=$$($(LINT) deadcode -test ./... | grep -v 'unreachable func: Example'); test -z "$$dead" || { echo "$$dead"; exit 1; }
	.build/tools/bin/ruff check --quiet $(wildcard $(PYTHON_SOURCES))
	.build/tools/bin/ruff format --quiet --check $(wildcard $(PYTHON_SOURCES))
	npm --prefix $(VSCODE) run --if-present lint

generate: $(BINDINGS) ## run go generate
	go generate ./...

venv: $(VENV) ## make .build/venv with the flytekit that is pinned in examples/requirements.txt

editors: ## install the editors that the tests drive
	internal/tools/editors/install-nvim.sh
	internal/tools/editors/install-code-server.sh

vsix: build $(NODE_MODULES) ## package the VS Code extension
	npm --prefix $(VSCODE) run package

lock: $(TOOLS) ## pin the newest versions that the requirements.in files allow
	for dir in examples $(PYTHON_TOOLS); do \
		.build/tools/bin/uv pip compile --quiet --upgrade --universal --python-version 3.9 --generate-hashes \
			--custom-compile-command 'make lock' $$dir/requirements.in -o $$dir/requirements.txt || exit; \
	done

clean: ## remove what was made
	rm -rf bin .build third_party/flyteidl internal/tools/pyright/node_modules $(VSCODE)/node_modules $(VSCODE)/dist $(VSCODE)/*.vsix

$(BINDINGS): $(GENIDL)/flyteidl.pin $(GENIDL)/go.mod $(GENIDL)/main.go
	go run -C $(GENIDL) . -pin flyteidl.pin -out "$(CURDIR)/third_party/flyteidl"
	@touch $@

$(TOOLS): $(PYTHON_TOOLS)/requirements.txt $(PYTHON_TOOLS)/environments.py
	$(ENVIRONMENTS) tools
	@touch $@

$(VENV): examples/requirements.txt $(TOOLS)
	$(ENVIRONMENTS) venv
	@touch $@

$(NODE_MODULES): $(VSCODE)/package-lock.json
	npm --prefix $(VSCODE) ci --no-audit --no-fund
	@touch $@

$(PYRIGHT): internal/tools/pyright/package-lock.json
	npm --prefix internal/tools/pyright ci --no-audit --no-fund
	@touch $@

.PHONY: help build demo test test-long test-deps bench lint generate venv editors vsix lock clean
