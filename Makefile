# make run: set up and start the portal with the demo. make test: set up and run every check. make help: the rest.

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

# Compiled modules are kept: five workers and hundreds of child processes read the same ones.
export PYTHONDONTWRITEBYTECODE :=

BIN := .venv/bin
STAMPS := .venv/stamps
OUT := out

# Set KERNEL=no to go without the fast kernel although Rust is there.
KERNEL := yes
CRATES := $(if $(filter yes,$(KERNEL)),$(wildcard kernel/python/Cargo.toml))
CARGO := $(if $(CRATES),$(shell sh tools/has_rust.sh && echo cargo))

# What is installed: `make run` and `make setup` bring what is run, `make site` its generator, all else
# what the tests need, with PySpark where Java is. Each set holds the smaller ones, in the same versions, so that none is brought twice.
# `ready` is a make of its own, so that it sees the Java that `make test` may have just brought.
PACKAGES := $(shell sh tools/has_java.sh && echo spark || echo dev)
TO_RUN := $(firstword $(foreach set,spark dev,$(if $(wildcard $(STAMPS)/packages-$(set)),$(set))) run)

# uv where it is there, which is several times as fast; else pip.
UV := $(shell command -v uv)
INSTALL := $(if $(UV),$(UV) pip install --python $(BIN)/python --compile-bytecode,$(BIN)/python -m pip install --disable-pip-version-check --no-input)
STEP := $(if $(UV),^ \+ ,^Collecting )

# `make run` speaks Vietnamese, or English where the locale does; all else speaks English.
SPEAKS := en
export SPEAKS
SPEAKS_RUNNING := $(if $(filter en% En% EN%,$(firstword $(LC_ALL) $(LC_MESSAGES) $(LANG))),en,vi)
say = @echo "== $(if $(filter vi,$(SPEAKS)),$(2),$(1))"

MODULES := $(shell find src/quetsach -name '*.py' -o -name '*.html')
TEXTS := $(wildcard src/quetsach/locale/vi/*.po)
CATALOGUE := src/quetsach/locale/vi/LC_MESSAGES/quetsach.mo
PORTAL_TEXTS := $(wildcard src/quetsach_portal/locale/vi/*.po)
PORTAL_CATALOGUE := src/quetsach_portal/locale/vi/LC_MESSAGES/django.mo
RUST := $(if $(CARGO),$(shell find kernel -name target -prune -o -type f \( -name '*.rs' -o -name '*.toml' -o -name Cargo.lock \) -print))

UNIT := Ủy ban nhân dân huyện Trà Cú

# The demo's portal keeps to itself, and asks nobody for a second factor. It takes no database from
# the environment, where another project's may stand: only `make run DATABASE_URL=postgresql://...`.
PORT := 8000
PUBLIC_PORT := $(if $(filter 8001,$(PORT)),8002,8001)
MAIL_PORT := 8025
DEMO_DATABASE := $(if $(filter command line,$(origin DATABASE_URL)),$(DATABASE_URL))
DEMO := QUETSACH_HOME=$(OUT)/portal-demo QUETSACH_SECOND_FACTOR=off \
	QUETSACH_URL=http://127.0.0.1:$(PORT) DATABASE_URL=$(DEMO_DATABASE) \
	QUETSACH_PUBLIC_PROXIES=127.0.0.1/32

# A file runs in one worker; tests/conftest.py says which ones begin. One worker more than there are
# processors, as a test waits for other processes for a third of its time.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1)
SIDE_BY_SIDE := -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# Those on PostgreSQL wait most of the time, for the server and for processes that are killed. Beside
# the others they have the time to run one by one, and each worker would collect thousands for few.
BESIDE := -n 0

STATIC := check-types check-fuzz check-faults check-collect check-kernel check-format check-lint check-imports check-texts check-pages check-house check-supply
CHECKS := $(STATIC) check-tests check-postgres

# Two checks of the source at a time; a make that can keeps what each prints together.
TWO := -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

# Beside the other tests those on PostgreSQL print when they have ended: make hands in what does it.
AT_THE_END :=

.DELETE_ON_ERROR:
# What stands between is made only for what is made of it.
.SECONDARY: $(STAMPS)/maturin $(STAMPS)/kernel-wheel
.PHONY: help setup run sweep test programs check format scoreboard watch-whole bench bench-spark bench-portal bench-load bench-pages bench-public bench-reports fuzz fuzz-whole fuzz-kernel faults faults-whole check-whole wheels release try-offline sbom audit-supply reproduce golden docs site recording pictures try-docs lock clean ready without-kernel \
	$(CHECKS)

help: ## list what make can do
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile | expand -t 16

setup: ## set up what quetsach runs: packages, texts, the fast kernel; make ready brings the tests' packages too
	@sh tools/system_packages.sh fonts khmer ocr
	@$(MAKE) -j2 ready PACKAGES=$(TO_RUN)
	@echo "== Ready: $(BIN)/quetsach"

run: ## the portal with a fresh demo district at http://127.0.0.1:8000, its public page at :8001
	@$(MAKE) run-demo SPEAKS=$(SPEAKS_RUNNING) PACKAGES=$(TO_RUN) BEGAN=$$(date +%s)

# What `make run` is, in its language. Each time of the clock is told at the end as the seconds of a stage.
.PHONY: run-demo
run-demo:
	@sh tools/system_packages.sh fonts khmer ocr
	@$(MAKE) -j2 ready
	@ready=$$(date +%s) && \
	$(BIN)/python tools/fresh_home.py "$(OUT)/portal-demo" $(PORT) $(PUBLIC_PORT) $(MAIL_PORT) && \
	$(DEMO) $(BIN)/quetsach --lang $(SPEAKS) manage migrate --verbosity 0 && migrated=$$(date +%s) && \
	$(DEMO) $(BIN)/quetsach --lang $(SPEAKS) manage demo --public-url http://127.0.0.1:$(PUBLIC_PORT) && \
	$(DEMO) QUETSACH_STAGES=$(BEGAN),$$ready,$$migrated,$$(date +%s) $(BIN)/python tools/live_demo.py $(OUT)/portal-demo $(PORT) $(PUBLIC_PORT) $(MAIL_PORT)

sweep: setup ## the engine alone: demo district, sweep, report, filled Appendix
	@rm -rf "$(OUT)/demo" "$(OUT)/findings" "$(OUT)/traces"
	@mkdir -p "$(OUT)"
	@echo "== The demo district: made-up logs of 17 communes and their offices"
	@$(BIN)/quetsach demo --out "$(OUT)/demo" --seed 2022 --size small
	@echo "== The sweep: its evidence against its indicator list"
	@# 1 says that something was found, 3 that not all could be read: the demo means both.
	@$(BIN)/quetsach sweep "$(OUT)/demo/evidence" -i "$(OUT)/demo/indicators" \
		--inventory "$(OUT)/demo/machines.csv" --plan "$(OUT)/demo/units.csv" \
		--sources "$(OUT)/demo/sources.toml" \
		--allow "$(OUT)/demo/allow/resolver.txt" -o "$(OUT)/findings" || test $$? -eq 1 -o $$? -eq 3
	@echo "== The authority's notices, traced to the machines behind the public addresses"
	@$(BIN)/quetsach trace "$(OUT)/demo/notices/canh-bao.csv" -e "$(OUT)/demo/evidence" \
		--inventory "$(OUT)/demo/machines.csv" --plan "$(OUT)/demo/units.csv" \
		--sources "$(OUT)/demo/sources.toml" --quiet -o "$(OUT)/traces" || test $$? -eq 1 -o $$? -eq 3
	@echo "== One handling sheet a machine"
	@$(BIN)/quetsach card "$(OUT)/findings" > /dev/null
	@echo "== The Appendix"
	@$(BIN)/quetsach report "$(OUT)/findings" --form phu-luc-2022 --unit "$(UNIT)"
	@echo "== The traced notices lie in $(OUT)/traces, all else in $(OUT)/findings:"
	@ls "$(OUT)/findings" | sed 's|^|   $(OUT)/findings/|'
	@echo "   Open $(OUT)/findings/report.html in a browser."

test: ## set up, then run every check and test
	@sh tools/system_packages.sh java
	@$(MAKE) -j3 programs ready
	@$(MAKE) check

# What only tests ask for; the packages of Python are brought at the same time.
programs:
	@MAKEFLAGS= sh tools/system_packages.sh fonts khmer ocr chromium blockers signers postgres nginx directory compiler

check: ## format, lint, types, import rules, docs, tests (set up before)
	@$(MAKE) $(TWO) $(STATIC)
	@$(MAKE) -j2 check-tests check-postgres AT_THE_END="sh tools/at_the_end.sh"

check-format:
	@echo "== Format (ruff)"
	@$(BIN)/ruff format --quiet --check . || { echo "   To put it right: make format"; exit 1; }

check-lint:
	@echo "== Lint (ruff)"
	@$(BIN)/ruff check --quiet .

check-types:
	@echo "== Types (mypy)"
	@$(BIN)/mypy --no-error-summary

# Once before the workers do it side by side: what it compiles they read.
check-collect:
	@echo "== Every test can be collected (pytest)"
	@said=$$($(BIN)/pytest --collect-only -q -n 0 -p no:randomly 2>&1) || { echo "$$said" | tail -n 60; exit 1; }

check-imports:
	@echo "== Import rules (import-linter)"
	@said=$$($(BIN)/lint-imports 2>&1) || { echo "$$said"; exit 1; }

check-texts:
	@echo "== Every text has its translation"
	@$(BIN)/python -m tools.compile_catalogue --check
	@$(BIN)/python -m tools.portal_catalogue --check

check-pages:
	@echo "== Generated pages are fresh"
	@$(BIN)/python -m tools.docs --check
	@$(BIN)/python -m tools.security_asvs

# As `make fuzz`, by a seed that stays: what was not changed does not turn red by the day.
check-fuzz:
	@echo "== Damaged inputs are read or refused (a minute)"
	@$(BIN)/python -m bench.fuzz --seed 739950000 --seconds 50 --out $(OUT)/fuzz

# The same as `make faults`, on one processor and shorter.
check-faults:
	@echo "== Commands keep their promises when the kernel fails them (half a minute)"
	@$(BIN)/python -m tools.faults --seed 1 --seconds 25 --jobs 1 --or-skip
	@$(BIN)/python -m tests.portal.faults --seed 2 --seconds 12

check-house:
	@echo "== Figures of the source that may only fall"
	@$(BIN)/python -m tools.house_check check

# What was never built here has no crates to ask; that is said.
check-supply:
	@echo "== Licences of all parts; NOTICE is fresh"
	@$(BIN)/python -m tools.supply check

check-kernel:
ifdef CARGO
	@echo "== Kernel: format, lint, tests (cargo)"
	@MAKEFLAGS= sh tools/check_kernel.sh
endif

check-tests:
	@echo "== Tests (pytest)"
	@MAKEFLAGS= $(BIN)/pytest $(SIDE_BY_SIDE)

# What asks by the description of the API takes each worker seconds to collect, and commits nothing.
check-postgres:
	@echo "== The portal on PostgreSQL: tests that commit, every hundredth of the others; all: make check-whole"
	@MAKEFLAGS= $(AT_THE_END) sh tools/with_postgres.sh \
		$(BIN)/pytest tests/portal --ignore tests/portal/api/test_openapi.py \
		$(if $(AT_THE_END),$(BESIDE),$(SIDE_BY_SIDE)) -m "not browser and not walk"

check-whole: ready ## all tests on PostgreSQL too, every address as everybody, great registers whole; an hour
	@$(BIN)/python -m tools.walked_schema --check
	@sh tools/with_postgres.sh $(BIN)/python -m tools.walked_schema --check
	@$(BIN)/python -m bench.fuzz --seconds 300 --out $(OUT)/fuzz
	@QUETSACH_WALK=whole $(BIN)/pytest $(SIDE_BY_SIDE) --ignore tests/portal
	@QUETSACH_WALK=whole $(BIN)/pytest tests/portal $(SIDE_BY_SIDE) -m "walk or browser"
	@QUETSACH_WALK=whole sh tools/with_postgres.sh $(BIN)/pytest tests/portal $(SIDE_BY_SIDE) -m "not browser"

format: ready ## put the format right, and what the linter can mend
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format .
	@$(if $(CARGO),cd kernel && cargo fmt --all)

scoreboard: ready ## what is read in third parties' messages, held against what they read
	@$(BIN)/python -m tools.scoreboard

bench: ready ## the benchmarks of a sweep, one knob of the input at a time beside its peers: an hour, 5 GB of disk
	@$(BIN)/python -m bench.grid
	@$(BIN)/python -m bench

watch-whole: ready ## the watch: the demo and the samples grown at random bytes, logrotate and kills, real senders, speed, a portal away for a day, mails (45 minutes)
	@$(BIN)/quetsach demo --out out/watch-demo --seed 2022 --size small
	@$(BIN)/python -m bench.watch_whole --rotate out/watch-demo tests/formats/samples
	@$(BIN)/python -m bench.watch_day
	@$(BIN)/python -m bench.watch
	@$(BIN)/python -m bench.watch_listen
	@$(BIN)/python -m bench.watch_listen --stalled
	@$(BIN)/python -m bench.watch_listen --rate 20000
	@$(BIN)/python -m bench.watch_away
	@$(BIN)/python -m bench.alert_mails
	@$(BIN)/python -m bench.list_versions

bench-spark: ready ## the Spark engine beside the local one: 20 files of 256 MB, start-up apart (Java 17)
	@$(BIN)/python -m bench.spark

bench-portal: ready ## the portal's: 50,000 units, a herd of people, great acts, mails (PostgreSQL)
	@FSYNC=on sh tools/with_postgres.sh $(BIN)/python -m bench.portal_tree
	@FSYNC=on sh tools/with_postgres.sh $(BIN)/python -m bench.portal_load
	@FSYNC=on sh tools/with_postgres.sh $(BIN)/python -m bench.portal_busy
	@FSYNC=on sh tools/with_postgres.sh $(BIN)/python -m bench.portal_restore
	@FSYNC=on sh tools/with_postgres.sh $(BIN)/python -m bench.portal_reports
	@FSYNC=on sh tools/with_postgres.sh $(BIN)/python -m bench.portal_dashboards
	@FSYNC=on sh tools/with_postgres.sh sh -c "$(BIN)/python -m quetsach_portal.manage migrate -v0 && \
		PYTHONPATH=. DJANGO_SETTINGS_MODULE=quetsach_portal.config.settings $(BIN)/python -m bench.register"
	@FSYNC=on sh tools/with_postgres.sh $(BIN)/python -m bench.portal_mail
	@FSYNC=on sh tools/with_postgres.sh $(BIN)/python -m bench.portal_watch 200 200

bench-load: ready ## clerks at work at the same time, on SQLite and PostgreSQL; the rows of docs/reliability.md (8 minutes)
	@$(BIN)/python -m bench.portal_clerks

bench-pages: ready ## the pages of a fresh demo in every role: how large each is as it is sent, how long it takes
	@rm -rf "$(OUT)/bench-pages"
	@QUETSACH_HOME=$(OUT)/bench-pages QUETSACH_SECOND_FACTOR=off DATABASE_URL= sh -c "$(BIN)/quetsach manage migrate -v0 && \
		$(BIN)/quetsach manage demo && $(BIN)/quetsach manage collectstatic --noinput -v0"
	@DATABASE_URL= $(BIN)/python -m bench.portal_pages $(OUT)/bench-pages

bench-public: ready ## the public page's: checks beside nginx, a thousand phones, new tables, portal down (wrk, nginx)
	@$(BIN)/python -m bench.public
	@$(BIN)/python -m bench.public_view
	@FSYNC=on sh tools/with_postgres.sh $(BIN)/python -m bench.public_figures

bench-reports: ready ## official reports on paper: one over 4,000 units, 1,000 of single units
	@$(BIN)/python -m bench.reports

fuzz: ready ## every reader of strangers' bytes gets damaged samples, for a minute in all
	@$(BIN)/python -m bench.fuzz --seconds 55 --out $(OUT)/fuzz

fuzz-whole: ready ## the same, 100,000 inputs or half an hour of the processor each; days, with a record
	@$(BIN)/python -m bench.fuzz --verbose --out $(OUT)/fuzz --record docs/fuzzing.json

faults: ready ## commands and acts of the portal with one call failing: a sample, SEED=commit
	@$(BIN)/python -m tools.faults --seconds 50 $(if $(SEED),--seed $(SEED))
	@$(BIN)/python -m tests.portal.faults --seconds 30 $(if $(SEED),--seed $(SEED))

faults-whole: ready ## the same, each fault at each site; hours, with a record
	@$(BIN)/python -m tools.faults --whole --write docs/reliability.md
	@mkdir -p $(OUT) && rm -f $(OUT)/faults-portal.jsonl
	@$(BIN)/python -m tests.portal.faults --whole --log $(OUT)/faults-portal.jsonl --write docs/reliability.md

fuzz-kernel: ## look through damaged texts with every path of the kernel for a minute
	@sh tools/fuzz_kernel.sh

wheels: ready ## what docs/deploying.md installs: both packages with their texts; the kernel where Rust is
	@rm -rf $(OUT)/wheels
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		--wheel-dir $(OUT)/wheels . ./portal
	@$(if $(CARGO),$(BIN)/maturin build --quiet --release --locked -m kernel/python/Cargo.toml --out $(OUT)/wheels)
	@ls $(OUT)/wheels | sed 's|^|   $(OUT)/wheels/|'

# Signed by a key for trials where none is named; PARTS="offline sums" makes some parts anew.
release: ready $(OUT)/release-tools/stamp ## what a release is made of, into out/release: KEY=NAME.key.pem (20 minutes; docs/releasing.md)
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m tools.release $(if $(KEY),--key $(KEY)) $(PARTS)

$(OUT)/release-tools/stamp: requirements/release.txt
	@echo "== The programs that build and check a release"
	@$(BIN)/python -m venv --clear $(OUT)/release-tools
	@$(OUT)/release-tools/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
		--require-hashes --no-deps -r $<
	@touch $@

try-offline: ## that release on a clean Debian 12, then 13, without a network, to the first page (root, debootstrap)
	@SUITE=bookworm sh tools/release/try_offline.sh $(OUT)/release/quetsach-offline-*.tar $(wildcard $(OUT)/release/*+deb12_*.deb)
	@SUITE=trixie sh tools/release/try_offline.sh $(OUT)/release/quetsach-offline-*.tar $(wildcard $(OUT)/release/*+deb13_*.deb)

.PHONY: try-core
try-core: ready ## install quetsach without extras afresh, weigh it, and run each command of the core there
	@sh tools/try_core.sh $(OUT)/core

sbom: ready ## the bill of materials of each build (CycloneDX 1.6), from the locks and what is installed
	@$(BIN)/python -m tools.supply sbom $(OUT)/sbom

audit-supply: ## ask for known weaknesses of all parts; needs the network, so no check does it
	@sh tools/audit_supply.sh

reproduce: ready ## build all wheels twice, in other places, times and languages, and compare the bytes (10 minutes)
	@sh tools/reproduce.sh

golden: ready ## rewrite the expected files of the samples; review their diff like code
	@$(BIN)/python -m tests.formats.golden
	@git status --short tests

docs: ready ## write the generated pages of docs/
	@$(BIN)/python -m tools.docs

site: $(STAMPS)/packages-site ## the documentation as a site in out/site, in both languages, links checked
	@$(BIN)/python -m tools.docs_site $(OUT)/site

recording: ready ## record a first sweep in a terminal: docs/pictures/first-sweep.cast and .svg
	@$(BIN)/python -m tools.recording

pictures: ready ## take the pictures of docs/pictures anew, of a fresh demo (Chromium; five minutes)
	@$(BIN)/python -m tools.pictures $(OUT)/pictures

try-docs: ready ## run every command of the tutorials and how-to pages, and follow all links (ten minutes)
	@QUETSACH_WALK=whole $(BIN)/pytest -n 0 -q tests/docs

lock: ## bring requirements/*.txt in line with pyproject.toml (needs uv)
	@sh tools/lock.sh

clean: ## remove all that make made, .venv included
	rm -rf .venv out build dist kernel/target .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache src/quetsach/locale/vi/LC_MESSAGES

# What stands ready, each with a stamp inside .venv, so that the two come and go together.

ready: $(STAMPS)/project $(STAMPS)/bytecode $(if $(TEXTS),$(CATALOGUE)) $(if $(PORTAL_TEXTS),$(PORTAL_CATALOGUE)) \
	$(STAMPS)/warning-lists $(if $(CARGO),$(STAMPS)/kernel,without-kernel)
	@:

$(STAMPS)/warning-lists: $(STAMPS)/project
	@$(BIN)/python -c 'from quetsach.indicators.allow.doubtful import warning_index; warning_index()'
	@touch $@

$(STAMPS)/venv:
	@python=$$(sh tools/choose_python.sh) && \
		echo "== .venv: $$python" && "$$python" -m venv .venv
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/packages-%: requirements/%.txt $(STAMPS)/venv | $(if $(CARGO),$(STAMPS)/maturin)
	$(call say,Installing the packages of $<,Cài các gói phần mềm của $<)
	@LABEL=Python $(BIN)/python tools/progress.py '$(STEP)' $(if $(UV),0,$<) $(INSTALL) --require-hashes --no-deps -r $<
	@touch $@

# The generator of the site alone, which needs neither quetsach nor the kernel.
$(STAMPS)/packages-site: requirements/site.txt $(STAMPS)/venv
	$(call say,Installing the packages of $<,Cài các gói phần mềm của $<)
	@LABEL=Python $(BIN)/python tools/progress.py '$(STEP)' $(if $(UV),0,$<) $(INSTALL) --require-hashes --no-deps -r $<
	@touch $@

# What builds the kernel comes first, so that it is built while the other packages are brought. Its
# stamp holds its lines of the lock: while they stay, the kernel is not built again.
$(STAMPS)/maturin: requirements/run.txt $(STAMPS)/venv
	@awk '/^maturin==/,/# via/' $< > $@.txt
	@cmp -s $@.txt $@ || { \
		$(BIN)/python tools/progress.py '$(STEP)' $@.txt $(INSTALL) --require-hashes --no-deps -r $@.txt && \
		cp $@.txt $@; }

# Both wheels are installed in place; again only when its version, commands or packages change.
$(STAMPS)/project: pyproject.toml portal/pyproject.toml src/quetsach/__init__.py $(STAMPS)/packages-$(PACKAGES)
	@test "$(PACKAGES)" != dev || echo "   No Java 17 here: without PySpark; its tests are skipped."
	$(call say,Installing quetsach into .venv,Cài quetsach vào .venv)
	@$(BIN)/python tools/progress.py '$(STEP)' 2 $(INSTALL) --no-deps --no-build-isolation --editable . --editable ./portal
	@touch $@

# A sweep of a small log takes less time than to compile what it loads, where Python may not keep it.
$(STAMPS)/bytecode: $(MODULES) | $(STAMPS)/project
	@$(BIN)/python -m compileall -q src/quetsach src/quetsach_portal src/quetsach_public
	@$(BIN)/python -c "from quetsach.html_report.page import compile_templates as c; c()"
	@touch $@

$(CATALOGUE): $(TEXTS) tools/compile_catalogue.py tools/catalogue_parts.py $(STAMPS)/packages-$(PACKAGES)
	$(call say,Compiling the Vietnamese texts,Biên dịch lời văn tiếng Việt)
	@$(BIN)/python -m tools.compile_catalogue

$(PORTAL_CATALOGUE): $(PORTAL_TEXTS) tools/portal_catalogue.py tools/catalogue_parts.py $(STAMPS)/packages-$(PACKAGES)
	$(call say,Compiling the Vietnamese texts of the portal,Biên dịch lời văn tiếng Việt của cổng)
	@$(BIN)/python -m tools.portal_catalogue

$(STAMPS)/kernel-wheel: $(RUST) $(STAMPS)/maturin
	$(call say,Building the fast kernel (Rust); the first time takes a minute,Biên dịch phần lõi nhanh (Rust); lần đầu mất khoảng một phút)
	@rm -rf $(STAMPS)/wheel
	@MAKEFLAGS= LABEL=Rust VIRTUAL_ENV="$(CURDIR)/.venv" $(BIN)/python tools/progress.py '^ *Compiling ' $$(grep -c '^name = ' kernel/Cargo.lock) \
		$(BIN)/maturin build --release --locked \
		--interpreter $(BIN)/python -m kernel/python/Cargo.toml --out $(STAMPS)/wheel || \
		{ echo "   make KERNEL=no"; exit 1; }
	@touch $@

# One installer at a time in .venv: after the project's.
$(STAMPS)/kernel: $(STAMPS)/kernel-wheel | $(STAMPS)/project
	@$(BIN)/python tools/progress.py '$(STEP)' 1 $(INSTALL) \
		$(if $(UV),--offline --reinstall,--no-index --force-reinstall) --no-deps $(STAMPS)/wheel/*.whl
	@touch $@

without-kernel:
ifeq ($(SPEAKS),vi)
	@test -e $(STAMPS)/kernel || echo "== Không có phần lõi nhanh (Rust): kết quả vẫn như nhau, chỉ chậm hơn."
else
	@test -e $(STAMPS)/kernel || { \
		echo "== Without the fast kernel: $(if $(CRATES),no Rust here that is new enough,KERNEL=$(KERNEL))."; \
		echo "   The pure-Python sieve is used: the same answers, only slower. To have the kernel:"; \
		echo "   make setup$(if $(CRATES), with Rust there (rust-lang.org))"; }
endif
