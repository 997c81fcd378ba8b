# Saikne: two commands to know, `make demo` and `make test`; `make help` lists the rest.

# ---- Debian packages: THE list -----------------------------------------------------------
PACKAGES_BUILD = gcc pkg-config libzmq3-dev libsodium-dev libsqlite3-dev libmsgpack-dev \
                 libevent-dev libjansson-dev libinih-dev libcurl4-openssl-dev \
                 gettext scdoc
PACKAGES_RUN   = python3 faketime tzdata
PACKAGES_TEST  = libcmocka-dev python3-pytest python3-cryptography python3-zmq python3-msgpack \
                 python3-nacl python3-jsonschema
PACKAGES_CHECK = clang clang-format clang-tidy libclang-rt-14-dev shellcheck

# ---- Settings ----------------------------------------------------------------------------
# VARIANT: release (what is installed), test (sanitizers and fault points; the whole suite),
# clang (the second compiler's opinion), fuzz (libFuzzer).
VARIANT      ?= release
PREFIX       ?= /usr/local
FUZZ_SECONDS ?= 10
JOBS         ?= $(shell nproc)
# Debian's own Python: the packages above belong to it, and to no other that PATH may hold.
PYTHON       := PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3
B            := build/$(VARIANT)

MAKEFLAGS += --no-print-directory --no-builtin-rules
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
# A make within make uses every processor, unless the caller has said how many.
submake = $(MAKE) $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

# ---- Compiler ----------------------------------------------------------------------------
ifeq ($(origin CC),default)
CC := $(if $(filter clang fuzz,$(VARIANT)),clang,gcc)
endif

WARN    := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes \
           -Wmissing-prototypes -Wvla -Wswitch-enum -Werror
SANITIZE := -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS_release  := -O2 -g -D_FORTIFY_SOURCE=2
CFLAGS_clang    := -O2 -g -D_FORTIFY_SOURCE=2 -DSAIKNE_FAULTS
CFLAGS_test     := -O1 -g -DSAIKNE_FAULTS -fsanitize=address,undefined $(SANITIZE)
CFLAGS_fuzz     := -O1 -g -fsanitize=fuzzer-no-link,address,undefined $(SANITIZE)
LDFLAGS_release := -Wl,-z,relro,-z,now
LDFLAGS_test    := -fsanitize=address,undefined
LDFLAGS_fuzz    := -fsanitize=fuzzer,address,undefined

DIALECT := -std=c11 -D_GNU_SOURCE -I.
CFLAGS  += $(DIALECT) $(WARN) -fstack-protector-strong -fPIE $(CFLAGS_$(VARIANT))
LDFLAGS += -pie -Wl,--as-needed $(LDFLAGS_$(VARIANT))
LDLIBS   = -lzmq -lsodium -lsqlite3 -lmsgpackc -levent -ljansson -linih -lcurl

# ---- Sources -----------------------------------------------------------------------------
protocol_src := $(wildcard protocol/*/*.c)
runtime_src  := $(wildcard services/runtime/*.c services/runtime/*/*.c)
faults_src   := $(wildcard tests/faults/*.c)
ifeq ($(VARIANT),test)
protocol_src += $(faults_src)
endif

saikne-broker_src         := $(wildcard broker/*.c)
saikne-school_src         := $(wildcard services/school/*.c)
saikne-social-service_src := $(wildcard services/social_service/*.c)
saikne-orphans-court_src  := $(wildcard services/orphans_court/*.c)
saikne-police_src         := $(wildcard services/police/*.c)
saikne-partner_src        := $(wildcard services/partner/*.c)
saikne_src                := $(wildcard clients/cli/*.c)
saikne-audit_src          := $(wildcard clients/auditor/*.c)
saikne-admin_src          := $(wildcard clients/admin/*.c)
services := saikne-school saikne-social-service saikne-orphans-court saikne-police saikne-partner
# A program without sources is not built.
programs := $(foreach p,saikne-broker $(services) saikne saikne-audit saikne-admin,$(if $($(p)_src),$(p)))

all_src     := $(wildcard protocol/*/*.c broker/*.c services/*/*.c services/*/*/*.c clients/*/*.c)
test_src    := $(wildcard tests/unit/*.c tests/fuzz/*.c tests/bench/*.c tests/bench/*/*.c tests/lint/*.c) $(faults_src)
all_headers := $(wildcard protocol/*/*.h broker/*.h services/*/*.h services/*/*/*.h clients/*/*.h \
    tests/*/*.h tests/bench/*/*.h)

objects = $(patsubst %.c,$(B)/%.o,$(1))
catalogue := $(B)/share/locale/lv/LC_MESSAGES/saikne.mo

# ---- Build -------------------------------------------------------------------------------
.PHONY: all programs FORCE
all: | packages-build ## build the programs into build/release/bin
	@$(submake) programs manuals
programs: $(addprefix $(B)/bin/,$(programs)) $(catalogue)

# Changes when the compiler or its flags do, and everything is built again then.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CFLAGS) $(LDFLAGS) $(LDLIBS)' | cmp -s - $@ || \
	    echo '$(CC) $(CFLAGS) $(LDFLAGS) $(LDLIBS)' >$@

$(B)/%.o: %.c $(B)/flags Makefile
	@mkdir -p $(@D) && echo "  cc    $@"
	@$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<
-include $(shell find $(B) -name '*.d' 2>/dev/null)

# Where the catalogue is looked for when the program cannot tell its own place.
$(B)/protocol/host/lang.o: private CFLAGS += -DSAIKNE_LOCALES='"$(PREFIX)/share/locale"'

# The lists and the API's description are built in by .incbin, which -MMD does not see.
$(B)/protocol/lists/lists.o: $(wildcard protocol/lists/*.csv)
$(B)/services/runtime/desk/desk_openapi.o: services/runtime/desk/openapi.json

archive = rm -f $@ && ar rcs $@ $(filter %.o,$^)
link = mkdir -p $(@D) && echo "  link  $@" && \
    $(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^)

$(B)/libprotocol.a: $(call objects,$(protocol_src))
	@$(archive)
$(B)/libruntime.a: $(call objects,$(runtime_src))
	@$(archive)

define program_rule
$(B)/bin/$(1): $$(call objects,$$($(1)_src)) $(if $(filter $(1),$(services)),$(B)/libruntime.a) $(B)/libprotocol.a
	@$$(link) $$(LDLIBS)
endef
$(foreach p,$(programs),$(eval $(call program_rule,$(p))))

.PHONY: install clean
install: all ## install programs, manuals and completion below PREFIX (/usr/local), DESTDIR before it
	@for p in $(programs); do \
	    install -D -m 755 build/release/bin/$$p $(DESTDIR)$(PREFIX)/bin/$$p || exit 1; \
	done
	@install -D -m 644 $(catalogue) $(DESTDIR)$(PREFIX)/share/locale/lv/LC_MESSAGES/saikne.mo
	@for m in $(patsubst $(B)/%,%,$(manuals)); do \
	    install -D -m 644 build/release/$$m $(DESTDIR)$(PREFIX)/$$m || exit 1; \
	done
	@install -D -m 644 clients/man/saikne.bash \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/saikne
clean: ## remove everything built
	@rm -rf build

# ---- Languages ---------------------------------------------------------------------------
# English texts in the sources are the message ids. What a service's desk says is in English
# too, and `saikne` says it in the language of who reads it.
$(catalogue): protocol/lang/lv.po
	@mkdir -p $(@D) && echo "  msgfmt $@"
	@msgfmt --check -o $@ $<

xgettext = xgettext --from-code=UTF-8 --language=C --add-location=file --no-wrap --keyword \
    --package-name=saikne -o $@
build/saikne.pot: $(wildcard clients/*/*.[ch] services/*/*.[ch] services/*/*/*.[ch]) protocol/base/status.h \
    protocol/trust/rules.c protocol/host/lang.h Makefile
	@mkdir -p $(@D)
	@$(xgettext) -k_ -kN_ -kngettext:1,2 -kFINDING:2 --flag=cli_fail:2:c-format \
	    --flag=admin_say_refusal:1:c-format $(filter clients/% %/lang.h,$^)
	@$(xgettext) -j -kN_ -krequest_refuse:4 -kacts_fail:3 -kacts_end:5 -kdesk_answer_refusal:3 \
	    $(filter services/%,$^)
	@$(xgettext) -j -kbad:2 -krefuse:3 $(filter %/rules.c,$^)
	@$(xgettext) -j -kSTATUS:3 $(filter %/status.h,$^)
	@$(xgettext) -j -kSTATUS:4 $(filter %/status.h,$^)

.PHONY: lang
lang: build/saikne.pot ## bring protocol/lang/lv.po up to the sources, for a translator
	@msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-wrap --add-location=file \
	    protocol/lang/lv.po $<
	@msgattrib --no-obsolete --no-wrap --add-location=file -o protocol/lang/lv.po protocol/lang/lv.po
	@sed -i '/^"POT-Creation-Date/d' protocol/lang/lv.po
	@msgfmt --statistics -o /dev/null protocol/lang/lv.po

# ---- Manual pages ------------------------------------------------------------------------
# saikne.lv.1.scd becomes lv/man1/saikne.1. What a page says of commands and exit statuses the
# programs tell themselves (fill.py).
manual_sources := $(wildcard clients/man/*.scd)
manual_of = $(if $(findstring .lv.,$(1)),lv/)man$(lastword $(subst ., ,$(basename $(1))))/$(subst .lv,,$(notdir $(basename $(1))))
manuals := $(foreach m,$(manual_sources),$(B)/share/man/$(call manual_of,$(m)))

define manual_rule
$(B)/share/man/$(call manual_of,$(1)): $(1) clients/man/fill.py $(addprefix $(B)/bin/,$(programs)) $(catalogue)
	@mkdir -p $$(@D) && echo "  scdoc $$@"
	@$(PYTHON) clients/man/fill.py $(B)/bin $$< | scdoc >$$@
endef
$(foreach m,$(manual_sources),$(eval $(call manual_rule,$(m))))

.PHONY: manuals
manuals: $(manuals)

# ---- Tests -------------------------------------------------------------------------------
# tests/unit/test_foo.c tests foo.c: it is linked with protocol, and where foo.c is of a room
# above protocol with that room too. A test of another name sets test_NAME_room.
test_store_room := broker
test_service_room := broker services/runtime
test_acts_room := broker services/runtime
test_tasks_room := broker services/runtime
test_stops_room := broker services/runtime
test_ground_matrix_room := broker services/runtime
test_grounds_play_room := broker services/runtime
test_circle_play_room := broker services/runtime
test_sitting_play_room := broker services/runtime
test_circle_losses_room := broker services/runtime
test_history_room := broker services/runtime
test_history_documents_room := broker services/runtime
test_sorts_room := services/runtime
test_circle_sorts_room := services/runtime
test_circle_claim_room := services/runtime
test_acts_consent_room := broker services/runtime
test_grounds_remind_room := broker services/runtime
test_acts_law_room := broker services/runtime
test_acts_filter_room := broker services/runtime
test_acts_circle_room := broker services/runtime
test_people_room := broker services/runtime
test_sign_in_room := broker services/runtime
test_proven_room := broker services/runtime
test_inbox_room := broker services/runtime
test_release_room := broker services/runtime
test_deadlines_room := broker services/runtime
test_deadlines_circle_room := broker services/runtime
test_ladder_room := broker services/runtime
test_climbs_room := broker services/runtime
test_climbs_circle_room := broker services/runtime
test_acts_alarms_room := broker services/runtime
test_acts_work_room := broker services/runtime
test_epochs_room := broker services/runtime
test_search_room := broker services/runtime
test_preview_room := broker services/runtime
test_knowing_room := broker services/runtime
test_disclosure_room := broker services/runtime
test_disclosure_circle_room := broker services/runtime
test_erasure_room := broker services/runtime
test_grounds_room := broker services/runtime
test_ground_hostile_room := broker services/runtime
test_retention_room := broker services/runtime
test_circles_room := broker services/runtime
test_circle_hostile_room := broker services/runtime
test_sittings_room := broker services/runtime
test_sittings_signed_room := broker services/runtime
test_offers_room := broker services/runtime
test_claims_room := broker services/runtime
test_crossing_room := services/runtime
test_case_file_room := broker services/runtime
room_of = $(or $(test_$(1)_room),$(if $(wildcard services/runtime/*/$(1).c),services/runtime),\
    $(patsubst %/,%,$(dir $(firstword $(wildcard broker/$(1).c services/*/$(1).c clients/*/$(1).c)))))
libraries_of = $(patsubst %,$(B)/%/room.a,$(filter-out services/runtime,$(1))) \
    $(if $(filter services/%,$(1)),$(B)/libruntime.a) $(B)/libprotocol.a

define room_rule
$(B)/$(1)/room.a: $$(call objects,$$(wildcard $(1)/*.c))
	@$$(archive)
endef
$(foreach r,broker $(filter-out services/runtime,$(wildcard services/* clients/*)),$(eval $(call room_rule,$(r))))

define test_rule
$(B)/tests/test_$(1): $(B)/tests/unit/test_$(1).o $(call libraries_of,$(call room_of,$(1)))
	@$$(link) $$(LDLIBS) -lcmocka
endef
unit_names := $(patsubst tests/unit/test_%.c,%,$(wildcard tests/unit/test_*.c))
$(foreach t,$(unit_names),$(eval $(call test_rule,$(t))))

# A fuzz target under gcc replays its seeds; under clang libFuzzer goes on from them.
define fuzz_rule
$(B)/tests/fuzz_$(1): $(B)/tests/fuzz/fuzz_$(1).o $(if $(filter fuzz,$(VARIANT)),,$(B)/tests/fuzz/replay.o) \
    $(call libraries_of,$(call room_of,$(1)))
	@$$(link) $$(LDLIBS)
endef
fuzz_names := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
$(foreach f,$(fuzz_names),$(eval $(call fuzz_rule,$(f))))

unit_programs := $(addprefix $(B)/tests/test_,$(unit_names)) $(addprefix $(B)/tests/fuzz_,$(fuzz_names))
system_tests  := $(wildcard tests/system/test_*.py tests/system/*/test_*.py)

.PHONY: test unit unit-build unit-run system-run
test: packages-test ## build with sanitizers and run every test (what CI runs)
	@$(submake) VARIANT=test programs unit-build
	@$(MAKE) VARIANT=test unit-run
	@$(MAKE) VARIANT=test system-run
	@echo "make test: all passed"
	@cat build/test/unit.summary build/test/system.summary

unit: packages-test ## run the unit tests and replay the fuzz seeds
	@$(submake) VARIANT=test unit-build
	@$(MAKE) VARIANT=test unit-run

unit-build: $(unit_programs) $(catalogue)

unit-run: $(unit_programs)
	@sh tests/run.sh $(B)/unit.summary $(unit_programs)

system-run: programs
	@sh tests/run_system.sh $(B) $(system_tests)

# ---- Fuzzing -----------------------------------------------------------------------------
.PHONY: fuzz fuzz-run
fuzz: packages-check ## run each fuzz target for FUZZ_SECONDS (10), from its seeds
	@$(submake) VARIANT=fuzz $(patsubst %,build/fuzz/tests/fuzz_%,$(fuzz_names)) FORCE
	@$(MAKE) VARIANT=fuzz fuzz-run

# What is found stays below build: the first folder named takes it.
fuzz-run:
	@for name in $(fuzz_names); do \
	    echo "fuzz_$$name, $(FUZZ_SECONDS) s"; \
	    mkdir -p $(B)/corpus/$$name $(B)/seeds/$$name; \
	    seeds=tests/fuzz/seeds/$$name; [ -d $$seeds ] || seeds=$(B)/seeds/$$name; \
	    $(B)/tests/fuzz_$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 \
	        -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix=$(B)/found-$$name- \
	        $(B)/corpus/$$name $$seeds >$(B)/$$name.log 2>&1 || { cat $(B)/$$name.log; exit 1; }; \
	    grep -E 'executed_units|new_units' $(B)/$$name.log; \
	done

# ---- Faults ------------------------------------------------------------------------------
# FAULTS_ONLY, a regular expression, chooses among names like referrals/kill/broker-journal-before-3;
# SAIKNE_FAULT_DELAY=40 lets each commit take up to 40 ms longer, by chance: other orders of events.
.PHONY: faults
faults: packages-test ## kill at the commits of every story, and take the power there
	@$(submake) VARIANT=test programs
	@SAIKNE_BIN="$$PWD/build/test/bin" $(PYTHON) tests/faults/run.py

# ---- The story ---------------------------------------------------------------------------
.PHONY: demo up
demo: all ## play the story of one referral on a real network, and leave nothing behind
	@$(PYTHON) tests/network/demo.py
up: all ## start the same network and stay until Ctrl-C
	@$(PYTHON) tests/network/up.py

# ---- Bench -------------------------------------------------------------------------------
$(B)/tests/saikne-bench: $(call objects,$(wildcard tests/bench/*.c)) $(B)/broker/room.a $(B)/libruntime.a \
    $(B)/libprotocol.a
	@$(link) $(LDLIBS) -lcmocka
$(B)/tests/saikne-bench-cases: $(call objects,$(wildcard tests/bench/cases/*.c) tests/bench/bench_measure.c) \
    $(B)/libruntime.a $(B)/libprotocol.a
	@$(link) $(LDLIBS)
.PHONY: bench bench-build bench-cases bench-files
bench-build: $(B)/tests/saikne-bench $(B)/tests/saikne-bench-cases
bench: all packages-test ## measure the exchange and a large service, against limits
	@$(submake) VARIANT=release bench-build
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && \
	    build/release/tests/saikne-bench build/release/bin "$$scratch"
	@$(MAKE) bench-cases
bench-files: all ## measure documents alone, from desk to desk
	@$(submake) VARIANT=release bench-build
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && \
	    build/release/tests/saikne-bench --only files build/release/bin "$$scratch"
# The database is kept in build/cases until the schema changes.
bench-cases: all ## measure a service with 100,000 cases and 1,000,000 events
	@$(submake) VARIANT=release bench-build
	@build/release/tests/saikne-bench-cases build/release/bin build/cases

# ---- SPEC --------------------------------------------------------------------------------
$(B)/tests/spec_tables: $(B)/tests/lint/spec_tables.o \
    $(call objects,$(wildcard services/runtime/task/*.c)) $(B)/libprotocol.a
	@$(link) $(LDLIBS)
$(B)/tests/api_tables: $(B)/tests/lint/api_tables.o $(B)/libruntime.a $(B)/libprotocol.a
	@$(link) $(LDLIBS)
# Each kind's page, with a runtime that only tells which roles it lets do what.
define roles_rule
$(B)/tests/roles/$(1): $(B)/tests/lint/api_roles.o $$(call objects,$$($(1)_src)) \
    $(B)/libruntime.a $(B)/libprotocol.a
	@$$(link) $$(LDLIBS)
endef
$(foreach s,$(services),$(eval $(call roles_rule,$(s))))
.PHONY: spec spec-tables
spec-tables: $(B)/tests/spec_tables $(B)/tests/api_tables $(addprefix $(B)/tests/roles/,$(services))
spec: | packages-build ## put what the lists say into protocol/SPEC.md and the desk's openapi.json
	@$(submake) VARIANT=release spec-tables
	@$(PYTHON) tests/lint/spec.py build/release/tests/spec_tables
	@$(PYTHON) tests/lint/openapi.py build/release/tests/api_tables

# ---- Checks ------------------------------------------------------------------------------
.PHONY: check check-all check-format check-shell check-gcc check-clang check-tidy check-layers \
        check-spec check-lang objects
check: packages-check ## formatting, clang-tidy, shellcheck, gcc and clang, layers, spec, lang
	@$(submake) --keep-going check-all
	@echo "make check: all passed"
check-all: check-format check-shell check-gcc check-clang check-tidy check-layers check-spec check-lang

check-format:
	@clang-format --dry-run -Werror $(all_src) $(test_src) $(all_headers)

check-shell:
	@grep -rlE '^#!/.*\b(ba|da)?sh$$' --exclude-dir=build --exclude-dir=.git . | xargs shellcheck

# Without fault points there is nothing for tests/faults to implement.
objects: $(call objects,$(all_src) $(if $(findstring SAIKNE_FAULTS,$(CFLAGS)),$(test_src), \
    $(filter-out $(faults_src),$(test_src))))
check-gcc:
	@$(MAKE) VARIANT=release objects
check-clang:
	@$(MAKE) VARIANT=clang objects

check-tidy: $(patsubst %.c,build/tidy/%.ok,$(all_src) $(test_src))
# It takes minutes, so a file is looked at again only when it or a header of its own changed.
build/tidy/%.ok: %.c .clang-tidy Makefile
	@mkdir -p $(@D) && echo "  tidy  $<"
	@clang $(DIALECT) -DSAIKNE_FAULTS -MM -MP -MT $@ -MF $(@:.ok=.d) $<
	@clang-tidy --quiet $< -- $(DIALECT) -DSAIKNE_FAULTS 2>$@.log || { cat $@.log >&2; exit 1; }
	@touch $@
-include $(shell find build/tidy -name '*.d' 2>/dev/null)

check-layers: check-gcc
	@$(PYTHON) tests/lint/layers.py build/release

check-spec: check-gcc
	@$(MAKE) VARIANT=release spec-tables
	@$(PYTHON) tests/lint/spec.py build/release/tests/spec_tables --check
	@$(PYTHON) tests/lint/openapi.py build/release/tests/api_tables --check

check-lang: build/saikne.pot
	@$(PYTHON) tests/lint/lang.py $<

# ---- Packages ----------------------------------------------------------------------------
# Asks for nothing when nothing is missing.
.PHONY: packages-build packages-test packages-check
packages-build: ; @sh tests/packages.sh $(PACKAGES_BUILD) $(PACKAGES_RUN)
packages-test: ; @sh tests/packages.sh $(PACKAGES_BUILD) $(PACKAGES_RUN) $(PACKAGES_TEST)
packages-check: ; @sh tests/packages.sh $(PACKAGES_BUILD) $(PACKAGES_RUN) $(PACKAGES_TEST) $(PACKAGES_CHECK)

# ---- Help --------------------------------------------------------------------------------
.PHONY: help
help: ## print this table
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
