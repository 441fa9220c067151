# schemadiff: `make help` lists the targets.

VERSION  := 0.1.0
PREFIX   ?= /usr/local
CC       ?= cc
CI       ?=
SAN      ?= 0
CRASH    ?= 0
B        ?= build/$(VARIANT)
VARIANT  := $(notdir $(firstword $(CC)))$(if $(filter 1,$(SAN)),-san)$(if $(filter 1,$(CRASH)),-crash)

PKGS     := sqlite3 libcjson
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wwrite-strings $(if $(CI),-Werror)
SAN_FLAGS_1   := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -DSD_ARENA_DEBUG
CRASH_FLAGS_1 := -DSD_CRASH_TEST
CFLAGS   ?= -O2 -g
HARDEN   := $(if $(filter 1,$(SAN)),,-D_FORTIFY_SOURCE=2) -fstack-protector-strong
ALL_CFLAGS := -std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -DSD_VERSION='"$(VERSION)"' -I. $(WARN) $(CFLAGS) \
            $(HARDEN) $(SAN_FLAGS_$(SAN)) $(CRASH_FLAGS_$(CRASH)) $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LIBS     := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lmd
LDFLAGS_ALL := $(LDFLAGS) $(SAN_FLAGS_$(SAN))

LIB_SRC  := $(filter-out cmd/main.c,$(wildcard core/*/*.c introspect/*.c diff/*.c render/*.c cmd/*.c cmd/work/*.c))
LIB_OBJ  := $(LIB_SRC:%.c=$(B)/%.o)
LIB      := $(B)/libschemadiff.a
BIN      := $(B)/schemadiff
UNIT     := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test_*.c))

.DELETE_ON_ERROR:
.PHONY: all
all: $(BIN) ## build the program

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(AR) qcs $@ $^

$(BIN): $(B)/cmd/main.o $(LIB)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(LIB)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS) -lcmocka

-include $(shell find $(B) -name '*.d' 2>/dev/null)

$(B)/tests/property/property: $(B)/tests/property/property.o $(B)/tests/property/random.o $(LIB)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)
