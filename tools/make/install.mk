# SPDX-License-Identifier: BSD-3-Clause
# What is installed, and the package.

## PREFIX=/usr/local   install: where to; DESTDIR=dir is put before it
PREFIX ?= /usr/local
bindir ?= $(PREFIX)/bin
libdir ?= $(PREFIX)/lib/proviso
datadir ?= $(PREFIX)/share/proviso
vimdir ?= $(PREFIX)/share/vim/vimfiles
mandir ?= $(PREFIX)/share/man
completiondir ?= $(PREFIX)/share/bash-completion/completions
to = $(DESTDIR)$1

version := $(shell awk '/define PROVISO_VERSION/ { gsub("\"", ""); print $$3 }' tools/version.h)
pages := proviso.1 ztcagent.1 usbkey.1 meirun.1 proviso-scenario.5
manuals := $(pages:%=$O/man/%)
completions := $(patsubst %.1,$O/completion/%,$(filter %.1,$(pages)))

.PHONY: install install-programs deb manuals

install: all $(certificates) $(manuals) $(completions) ## programs, library, scenarios, manual pages, completion and Vim's syntax file, to DESTDIR and PREFIX
	$(quiet)install -d $(addprefix $(call to,),$(bindir) $(libdir) $(mandir)/man1 $(mandir)/man5 $(completiondir))
	$(quiet)install $(addprefix $B/bin/,proviso ztcagent usbkey meirun) $(call to,$(bindir))
	$(quiet)install -m 644 $B/meipreload.so $(call to,$(libdir))
	$(quiet)install -m 644 $(filter %.1,$(manuals)) $(call to,$(mandir)/man1)
	$(quiet)install -m 644 $(filter %.5,$(manuals)) $(call to,$(mandir)/man5)
	$(quiet)install -m 644 $(completions) $(call to,$(completiondir))
	$(quiet)sed -i -e 's,@LIBDIR@,$(libdir),g' -e 's,@DATADIR@,$(datadir),g' $(pages:%=$(call to,$(mandir)/man)?/%)
	$(quiet)install -d $(addprefix $(call to,$(vimdir))/,syntax ftdetect)
	$(quiet)install -m 644 tools/vim/syntax/proviso.vim $(call to,$(vimdir))/syntax
	$(quiet)install -m 644 tools/vim/ftdetect/proviso.vim $(call to,$(vimdir))/ftdetect
	$(quiet)tools/install-scenarios $(dir $(certificates)) $(call to,$(datadir))

deb: ## a Debian package in O, of what make install installs below /usr
	$(quiet)rm -rf $O/deb
	+$(quiet)$(MAKE) PREFIX=/usr DESTDIR=$O/deb install
	$(quiet)tools/debian/build $O/deb $(version) $(lwip_dir) $O

manuals: $(manuals)

dated = sed -e 's,@VERSION@,$(version),' -e "s,@DATE@,$$(sed -n 's/^\#\# .*(\(.*\))$$/\1/p;T;q' CHANGELOG.md),"

$O/man/%.1: tools/man/%.1 tools/version.h CHANGELOG.md
	$(quiet)mkdir -p $(@D)
	$(quiet)$(dated) $< >$@

$O/completion/%: tools/man/%.1 tools/man/to-completion tools/man/completion.bash
	$(quiet)mkdir -p $(@D)
	$(quiet)tools/man/to-completion $* $< >$@

$O/man/proviso-scenario.5: sim/scenarios/GRAMMAR.md $(wildcard tools/man/*) tools/version.h CHANGELOG.md
	$(quiet)mkdir -p $(@D)
	$(quiet)tools/man/from-markdown $< >$@.body
	$(quiet)cat tools/man/proviso-scenario.head $@.body tools/man/proviso-scenario.tail | $(dated) >$@
	$(quiet)rm -f $@.body
