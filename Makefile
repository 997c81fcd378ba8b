# Saikne: two commands to know, `make demo` and `make test`; `make help` lists the rest.

# ---- Debian packages: THE list -----------------------------------------------------------
PACKAGES_BUILD = gcc pkg-config libzmq3-dev libsodium-dev libsqlite3-dev libmsgpack-dev \
                 libevent-dev libjansson-dev libinih-dev libcurl4-openssl-dev
PACKAGES_RUN   = python3
PACKAGES_TEST  = libcmocka-dev python3-pytest python3-cryptography python3-zmq python3-msgpack \
                 python3-nacl
PACKAGES_CHECK = clang clang-format clang-tidy libclang-rt-14-dev shellcheck

# ---- Build -------------------------------------------------------------------------------
# VARIANT: release (what is installed), test (sanitizers and fault points; the whole suite).
VARIANT ?= release
B       := build/$(VARIANT)

WARN    := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes \
           -Wmissing-prototypes -Wvla -Wswitch-enum -Werror
LIBS_pc := libzmq libsodium sqlite3 msgpack libevent jansson inih libcurl
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2
CFLAGS_test    := -O1 -g -DSAIKNE_FAULTS -fsanitize=address,undefined \
                  -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS  += -std=c11 -D_GNU_SOURCE -I. $(WARN) -fstack-protector-strong -fPIE \
           $(CFLAGS_$(VARIANT))
LDFLAGS_release := -Wl,-z,relro,-z,now
LDFLAGS_test    := -fsanitize=address,undefined
LDFLAGS += -pie -Wl,--as-needed $(LDFLAGS_$(VARIANT))
LDLIBS   = -lzmq -lsodium -lsqlite3 -lmsgpackc -levent -ljansson -linih -lcurl

protocol_src := $(wildcard protocol/*/*.c)
runtime_src  := $(wildcard services/runtime/*.c)
ifeq ($(VARIANT),test)
protocol_src += $(wildcard tests/faults/*.c)
endif

programs := saikne-broker saikne-school saikne-social-service saikne-orphans-court \
            saikne-police saikne-partner saikne saikne-audit saikne-admin
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

objects = $(patsubst %.c,$(B)/%.o,$(1))

.PHONY: all programs
all: | packages-build
	@$(MAKE) --no-print-directory programs
programs: $(addprefix $(B)/bin/,$(programs))

$(B)/libprotocol.a: $(call objects,$(protocol_src))
	@rm -f $@ && ar rcs $@ $^
$(B)/libruntime.a: $(call objects,$(runtime_src))
	@rm -f $@ && ar rcs $@ $^

define program_rule
$(B)/bin/$(1): $$(call objects,$$($(1)_src)) $(if $(filter $(1),$(services)),$(B)/libruntime.a) $(B)/libprotocol.a
	@mkdir -p $$(@D) && echo "link $$@"
	@$$(CC) $$(LDFLAGS) -o $$@ $$^ $$(LDLIBS)
endef
$(foreach p,$(programs),$(eval $(call program_rule,$(p))))

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<
-include $(shell find $(B) -name '*.d' 2>/dev/null)

# The lists are built into lists.o by .incbin, which -MMD does not see.
$(B)/protocol/lists/lists.o: $(wildcard protocol/lists/*.csv)

# ---- Packages ----------------------------------------------------------------------------
# Asks for nothing when nothing is missing.
.PHONY: packages-%
packages-build: ; @sh tests/packages.sh $(PACKAGES_BUILD) $(PACKAGES_RUN)
packages-test: ; @sh tests/packages.sh $(PACKAGES_BUILD) $(PACKAGES_RUN) $(PACKAGES_TEST)
packages-check: ; @sh tests/packages.sh $(PACKAGES_BUILD) $(PACKAGES_RUN) $(PACKAGES_TEST) $(PACKAGES_CHECK)

.PHONY: clean
clean: ; rm -rf build
