# ratter: one Makefile, not recursive. Folders are the lists: nothing here names a source file
# of ours (engine.c apart, which swallows another project's file). `make help` says what to run.
#
#   CC=clang     another compiler, in build/clang          V=1   show the commands
#   SAN=1        ASan and UBSan, in build/san              BUILD=dir, ROOMS="base model": see below
# Everything of one variant lives in $(B); third-party objects, compiled once per version, and
# generated registries are shared by all variants.

ifeq ($(origin CC),default)
CC := gcc
endif
SAN ?=
V ?=
Q := $(if $(V),,@)
IS_CLANG := $(findstring clang,$(notdir $(CC)))
B := $(or $(BUILD),build)$(if $(filter fuzz,$(SAN)),/fuzz,$(if $(IS_CLANG),/clang$(if $(SAN),-san),$(if $(SAN),/san)))
G := $(or $(BUILD),build)/generated
T := build/third_party
VENDOR := third_party/vendor
.DEFAULT_GOAL := all
.SECONDARY:
.SUFFIXES:
.DELETE_ON_ERROR:

# ---- flags ------------------------------------------------------------------------------------
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wswitch-enum -Wstrict-prototypes \
        -Wmissing-prototypes -Werror
HARDEN := -fstack-protector-strong $(if $(IS_CLANG),,-ftrivial-auto-var-init=zero)
SAN_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
ifeq ($(SAN),)
HARDEN += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
SAN_FLAGS :=
else ifeq ($(SAN),fuzz)
SAN_FLAGS += -fsanitize=fuzzer-no-link
endif
OPT ?= -O2 -g

# Other people's headers are system headers: our warnings stop at their door.
crate = $(firstword $(wildcard $(VENDOR)/$(1)-[0-9]*))
TS := $(call crate,tree-sitter)
QJS := $(call crate,libquickjs-ng-sys)/embed/quickjs
YYJSON := $(call crate,yyjson-sys)/yyjson/src
DEFLATE := $(call crate,libdeflate-sys)/libdeflate
INCLUDES := -Isrc -Iinclude -I$(G) -isystem $(TS)/include -isystem $(YYJSON) -isystem $(DEFLATE)

CFLAGS_ALL := -std=gnu17 $(OPT) -fPIE -D_GNU_SOURCE $(WARN) $(HARDEN) $(SAN_FLAGS) $(INCLUDES) $(CFLAGS)
# QuickJS enters the program by inclusion (HOUSE: no patch, a hook). UBSan is not for its code, and a fuzzer
# has nothing to learn there. It is most of a build (35 s CPU): keep engine.c small and seldom touched.
ENGINE := $(wildcard src/facts/emulator/engine.c)
ENGINE_FLAGS := -isystem $(QJS) -funsigned-char -fwrapv -g1 $(if $(IS_CLANG),,-fno-var-tracking) \
    $(if $(SAN),-O1 -fno-sanitize=$(if $(filter fuzz,$(SAN)),all,undefined))
LDFLAGS_ALL := -pie -Wl,-z,relro,-z,now -Wl,--as-needed -Wl,--build-id $(SAN_FLAGS) $(LDFLAGS)
LIBS := -lhs -lpcre2-8 -lyaml -lsqlite3 -lsodium -lseccomp -lcrypto -lxxhash -lz -lbz2 -llzma -lzstd -lcurl -lm -lpthread

# ---- what there is: folders, read once ----------------------------------------------------------
find_c = $(sort $(shell find $(1) -name '*.c' 2>/dev/null))
# ROOMS="base model unpack" builds only those rooms (and their tests), BUILD=dir elsewhere: for work on one room.
LIB_SRC := $(call find_c,$(if $(ROOMS),$(addprefix src/,$(ROOMS)),src))
PROGRAM_SRC := $(if $(ROOMS),,$(call find_c,programs))
PROGRAMS := $(sort $(foreach f,$(PROGRAM_SRC),$(word 2,$(subst /, ,$(f)))))
TEST_SRC := $(filter %_test.c,$(call find_c,$(if $(ROOMS),$(addprefix tests/unit/,$(ROOMS)),tests/unit)))
SUPPORT_SRC := $(call find_c,tests/support)
FUZZ_SRC := $(foreach f,$(sort $(wildcard fuzz/*.c)),$(if $(findstring _,$(notdir $(f))),,$(f)))
RULES := $(sort $(shell find rules -name '*.yaml' 2>/dev/null))
PROFILES := $(sort $(wildcard profiles/*.yaml))
PLACES := $(sort $(wildcard places/*.yaml))
DATA := $(sort $(shell find data -type f ! -name '*.md' ! -name '.*' 2>/dev/null))
# The scripts of the emulator's world are data that lives with its room: rt_data_world_NAME_start.
WORLD := $(sort $(wildcard src/facts/emulator/world/*.js))
DATA += $(WORLD)

obj = $(patsubst %.c,$(B)/obj/%.o,$(1))
LIB_OBJ := $(call obj,$(LIB_SRC))
SUPPORT_OBJ := $(call obj,$(SUPPORT_SRC))
TESTS := $(patsubst tests/unit/%.c,$(B)/tests/%,$(TEST_SRC))
FUZZERS := $(patsubst fuzz/%.c,$(B)/%,$(FUZZ_SRC))
REPLAYS := $(patsubst fuzz/%.c,$(B)/replay/%,$(FUZZ_SRC))
BENCHES := $(patsubst %.c,$(B)/%,$(wildcard bench/*.c))
ALL_OBJ := $(call obj,$(LIB_SRC) $(PROGRAM_SRC) $(TEST_SRC) $(SUPPORT_SRC) $(wildcard fuzz/*.c bench/*.c))

# ---- the registries: a folder is a list ---------------------------------------------------------
# $(call keep,FILE,TEXT) writes FILE only when TEXT is news, so that its age can be depended on.
define newline


endef
space := $(subst x, ,x)
same = $(and $(findstring x$(1)x,x$(2)x),$(findstring x$(2)x,x$(1)x))
# Stripped: make 4.3 takes the last newline off a file it reads, but not off every file.
keep = $(if $(and $(wildcard $(1)),$(call same,$(strip $(file <$(1))),$(strip $(2)))),,$(shell mkdir -p $(dir $(1)))$(file >$(1),$(2)))
lines = $(subst $(space),$(newline),$(strip $(1)))
no_helpers = $(foreach n,$(sort $(1)),$(if $(findstring _,$(n)),,$(n)))
plugs = $(call lines,$(patsubst %,PLUG(%),$(call no_helpers,$(1))))
plug_files = $(call plugs,$(basename $(notdir $(wildcard $(1)/*.c))))

ifneq ($(filter-out clean distclean help format format-check check-rooms check-length,$(or $(MAKECMDGOALS),all)),)
ifeq ($(and $(TS),$(wildcard $(QJS) $(YYJSON) $(DEFLATE))),)
$(error $(VENDOR) is missing or incomplete; run ./dev setup)
endif
$(call keep,$(G)/unpack_containers.list,$(call plug_files,src/unpack/containers))
$(call keep,$(G)/unpack_decoders.list,$(call plug_files,src/unpack/decoders))
$(call keep,$(G)/facts_languages.list,$(call plug_files,src/facts/languages))
$(call keep,$(G)/emulator_world.list,$(call plugs,$(basename $(notdir $(WORLD)))))
$(call keep,$(G)/report_formats.list,$(call plug_files,src/report/formats))
$(call keep,$(G)/report_graphs.list,$(call plug_files,src/report/graphs))
$(call keep,$(G)/intel_formats.list,$(call plug_files,src/intel/formats))
$(call keep,$(G)/ecosystems.list,$(call plugs,$(filter-out lockfiles,$(notdir $(patsubst %/,%,$(dir $(wildcard src/ecosystem/*/*.c)))))))
$(call keep,$(G)/audit_checks.list,$(call plug_files,src/audit/checks))
$(call keep,$(G)/ecosystem_lockfiles.list,$(call plug_files,src/ecosystem/lockfiles))
$(call keep,$(B)/obj/flags,$(CC) $(CFLAGS_ALL) / $(ENGINE_FLAGS) / $(LDFLAGS_ALL) / $(LIBS))
$(call keep,$(B)/obj/library.files,$(call lines,$(LIB_SRC)))
$(call keep,$(B)/obj/programs.files,$(call lines,$(PROGRAM_SRC)))
$(call keep,$(B)/obj/support.files,$(call lines,$(SUPPORT_SRC)))
$(call keep,$(B)/obj/rules.files,$(call lines,$(RULES)))
$(call keep,$(B)/obj/profiles.files,$(call lines,$(PROFILES)))
$(call keep,$(B)/obj/places.files,$(call lines,$(PLACES)))
$(call keep,$(B)/obj/data.files,$(call lines,$(DATA)))
endif

# ---- targets --------------------------------------------------------------------------------------
.PHONY: all bench check clean distclean help format format-check check-rooms check-length check-headers san \
        fuzz fuzzers tests bench
all: $(B)/libratter.a $(PROGRAMS:%=$(B)/%)
tests: $(TESTS) $(REPLAYS)
bench: all $(BENCHES)

help:
	@echo 'make [all] | check | san (= SAN=1 check) | fuzz | bench | format | format-check | check-headers'
	@echo '     check-rooms | check-length | clean (keeps third-party objects) | distclean'

check: all tests
	$(Q)B=$(B) RATTER=$(CURDIR)/$(B)/ratter tools/run-tests $(TESTS) -- $(REPLAYS)

san:
	$(Q)$(MAKE) --no-print-directory SAN=1 check
fuzz:
	$(Q)$(MAKE) --no-print-directory CC=clang SAN=fuzz fuzzers
fuzzers: $(FUZZERS)

check-rooms:
	$(Q)tools/check-rooms
check-length:
	$(Q)tools/check-length
check-headers: $(patsubst %,$(B)/headers/%.ok,$(shell find include src -name '*.h' 2>/dev/null))
$(B)/headers/%.ok: % $(B)/obj/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -Wno-unused -x c -include $< -fsyntax-only /dev/null && touch $@

format format-check:
	$(Q)tools/$@
clean:
	$(Q)find build -mindepth 1 -maxdepth 1 ! -name third_party -exec rm -rf {} + 2>/dev/null || true
distclean:
	$(Q)rm -rf build $(VENDOR)

# ---- our code ---------------------------------------------------------------------------------------
$(B)/obj/%.o: %.c $(B)/obj/flags
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(CFLAGS_ALL) $(EXTRA) -MMD -MP -c -o $@ $<

# QuickJS enters the program by inclusion (HOUSE: no patch, a hook). UBSan is not for its code.
ENGINE := $(wildcard src/facts/emulator/engine.c)
# Its compilation is most of a build (35 s CPU): engine.c is best kept small and seldom touched.
$(call obj,$(ENGINE)): private EXTRA := $(ENGINE_FLAGS)
$(call obj,$(TEST_SRC) $(SUPPORT_SRC) $(FUZZ_SRC)): private EXTRA := -Itests

$(B)/libratter.a: $(LIB_OBJ) $(B)/obj/library.files
	@echo '  AR    $@'
	$(Q)rm -f $@ && ar crs $@ $(LIB_OBJ)
$(B)/libsupport.a: $(SUPPORT_OBJ) $(B)/obj/support.files
	$(Q)rm -f $@ && ar crs $@ $(SUPPORT_OBJ)

THIRD := $(T)/libgrammars.a $(T)/libtree-sitter.a $(T)/libyyjson.a $(T)/libdeflate.a \
         $(if $(ENGINE),$(T)/libquickjs-parts.a)
EMBED := $(B)/librules.a $(B)/libdata.a
LINKED := $(B)/libratter.a $(EMBED) $(THIRD)
link = $(Q)echo '  LD    $@' && $(CC) $(LDFLAGS_ALL) -o $@ $(1) $(LIBS)

define program
$(B)/$(1): $(call obj,$(filter programs/$(1)/%,$(PROGRAM_SRC))) $(B)/libratter.a \
    $(if $(filter ratter-pack,$(1)),$(B)/obj/norules.o $(B)/libdata.a,$(EMBED)) $(THIRD) $(B)/obj/programs.files
	$$(call link,$$(filter %.o %.a,$$^))
endef
$(foreach p,$(PROGRAMS),$(eval $(call program,$(p))))

$(B)/tests/%: $(B)/obj/tests/unit/%.o $(B)/libsupport.a $(LINKED)
	@mkdir -p $(@D)
	$(call link,$(filter %.o %.a,$^) -lcmocka)

# Fuzz targets: with libFuzzer (make fuzz), and as plain programs that replay the seeds (make check).
$(FUZZERS): $(B)/%: $(B)/obj/fuzz/%.o $(B)/libsupport.a $(LINKED)
	$(call link,$(filter %.o %.a,$^) -fsanitize=fuzzer)
$(BENCHES): $(B)/bench/%: $(B)/obj/bench/%.o $(LINKED)
	@mkdir -p $(@D)
	$(call link,$(filter %.o %.a,$^))
$(B)/replay/%: $(B)/obj/fuzz/%.o $(B)/obj/fuzz/replay_main.o $(B)/libsupport.a $(LINKED)
	@mkdir -p $(@D)
	$(call link,$(filter %.o %.a,$^))

# What bench/run measures against.
bench: all $(B)/bench/walk
$(B)/bench/%: bench/%.c $(T)/libdeflate.a
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu17 -O2 -Wall -Wextra -isystem $(DEFLATE) -o $@ $^

# ---- files inside the program ---------------------------------------------------------------------
# rules/ compiled by ratter-pack -> rt_rules_pack_start/_end (empty while there is no ratter-pack);
# data/a/b-c.txt -> rt_data_a_b_c_start/_end. A NUL follows the last byte.
# $(call embed,SYMBOL,FILE)
embed = @mkdir -p $(@D); printf '%s\n' '.section .rodata' '.balign 64' \
    '.globl rt_$(1)_start' 'rt_$(1)_start:' $(if $(2),'.incbin "$(2)"') '.globl rt_$(1)_end' 'rt_$(1)_end:' '.byte 0' \
    '.section .note.GNU-stack,"",%progbits' | $(CC) -x assembler -c -o $@ -

ifneq ($(filter ratter-pack,$(PROGRAMS)),)
$(B)/rules.pack: $(B)/ratter-pack $(RULES) $(B)/obj/rules.files
	@echo '  PACK  $@'
	$(Q)$(B)/ratter-pack rules $@
PACK := $(B)/rules.pack
$(B)/profiles.pack: $(B)/ratter-pack $(PROFILES) $(B)/obj/profiles.files
	@echo '  PACK  $@'
	$(Q)$(B)/ratter-pack --profiles profiles $@
PROFILES_PACK := $(B)/profiles.pack
$(B)/places.pack: $(B)/ratter-pack $(PLACES) $(B)/obj/places.files
	@echo '  PACK  $@'
	$(Q)$(B)/ratter-pack --places places $@
PLACES_PACK := $(B)/places.pack
endif
$(B)/obj/rules.o: $(PACK) $(B)/obj/rules.files
	$(call embed,rules_pack,$(PACK))
$(B)/obj/norules.o: $(B)/obj/flags
	$(call embed,rules_pack)
$(B)/obj/profiles.o: $(PROFILES_PACK) $(B)/obj/profiles.files
	$(call embed,profiles_pack,$(PROFILES_PACK))
$(B)/obj/places.o: $(PLACES_PACK) $(B)/obj/places.files
	$(call embed,places_pack,$(PLACES_PACK))
$(B)/librules.a: $(B)/obj/rules.o $(B)/obj/profiles.o $(B)/obj/places.o
	$(Q)rm -f $@ && ar crs $@ $^

data_name = $(subst -,_,$(subst .,_,$(subst /,_,$(patsubst src/facts/emulator/%,%,$(patsubst data/%,%,$(basename $(1)))))))
define data
$(B)/obj/$(1).o: $(1) $(B)/obj/flags
	$$(call embed,data_$(call data_name,$(1)),$(1))
endef
$(foreach f,$(DATA),$(eval $(call data,$(f))))
$(B)/libdata.a: $(DATA:%=$(B)/obj/%.o) $(B)/obj/data.files
	$(Q)rm -f $@ && ar crs $@ $(filter %.o,$^)

# ---- other people's code: compiled once per version, by one compiler, their warnings are theirs ---
# The path holds crate and version, so the objects depend on nothing else (hence the order-only rule).
TP_CC ?= cc
TP_FLAGS := -std=gnu11 -O2 -w -fPIE -fstack-protector-strong -D_GNU_SOURCE -DNDEBUG
PARSERS := $(filter-out $(TS)/%,$(wildcard $(VENDOR)/tree-sitter-*/src/parser.c $(VENDOR)/tree-sitter-*/*/src/parser.c))
tp_obj = $(patsubst $(VENDOR)/%.c,$(T)/obj/%.o,$(1))
tp_lib = $(T)/lib$(1).a

$(T)/libgrammars.a: $(call tp_obj,$(PARSERS) $(wildcard $(PARSERS:%parser.c=%scanner.c)))
$(T)/libtree-sitter.a: $(call tp_obj,$(TS)/src/lib.c)
$(T)/libyyjson.a: $(call tp_obj,$(YYJSON)/yyjson.c)
$(T)/libdeflate.a: $(call tp_obj,$(wildcard $(DEFLATE)/lib/*.c $(DEFLATE)/lib/*/cpu_features.c))
$(T)/libquickjs-parts.a: $(call tp_obj,$(addprefix $(QJS)/,libregexp.c libunicode.c dtoa.c))
$(T)/lib%.a:
	@echo '  AR    $@'
	$(Q)rm -f $@ && ar crs $@ $^
$(T)/obj/%.o: | $(VENDOR)/%.c
	@mkdir -p $(@D)
	@echo '  CC    $(VENDOR)/$*.c'
	$(Q)$(TP_CC) $(TP_FLAGS) $(if $(findstring quickjs,$*),-funsigned-char -fwrapv) -DYYJSON_DISABLE_UTILS=1 \
	    -I$(VENDOR)/$(*D) -I$(TS)/include -c -o $@ $(VENDOR)/$*.c

-include $(ALL_OBJ:.o=.d)
