# SPDX-License-Identifier: BSD-3-Clause
# The boards' images that tests run.

.PHONY: peer-images board-images

# Of each board, the two machines of the forum thread, one that was given no seed, one with the
# configuration service; of one board, three with TLS, one with both for a set-up server, one that manages a machine, and two that count
# instructions. The others' seed is known to everybody: they are for tests.
test_seed := 000102030405060708090a0b0c0d0e0f
peer-images: $(call ready,board)
	+$(quiet)$(MAKE) $(native) BOARD=mps2-an385 TLS=1 MANAGE=1 RELEASE=5.0.3 OEM=intel SEED=$(test_seed) IMAGE=test-5.0.3-intel image

board-images: $(call ready,board) peer-images
	+$(quiet)set -e; for board in $(boards); do \
		$(MAKE) $(native) BOARD=$$board RELEASE=5.0.2 OEM=intel SEED=$(test_seed) IMAGE=test-5.0.2-intel image; \
		$(MAKE) $(native) BOARD=$$board RELEASE=5.0.3 OEM=bmp-off SEED=$(test_seed) IMAGE=test-5.0.3-bmp-off image; \
		$(MAKE) $(native) BOARD=$$board RELEASE=5.0.2 OEM=intel SEED= IMAGE=test-no-seed image; \
		$(MAKE) $(native) BOARD=$$board MANAGE=1 RELEASE=5.0.3 OEM=bmp-off SEED=$(test_seed) IMAGE=test-5.0.3-bmp-off image; \
	done; \
	$(MAKE) $(native) BOARD=mps2-an385 TLS=1 MANAGE=1 MACHINE=1 RELEASE=5.0.3 OEM=intel SEED=$(test_seed) IMAGE=test-5.0.3-intel image; \
	$(MAKE) $(native) BOARD=mps2-an385 TLS=1 RELEASE=5.0.2 OEM=intel SEED=$(test_seed) IMAGE=test-5.0.2-intel image; \
	$(MAKE) $(native) BOARD=mps2-an385 TLS=1 RELEASE=6.0 OEM=intel SEED=$(test_seed) IMAGE=test-6.0-intel image; \
	$(MAKE) $(native) BOARD=mps2-an385 TLS=1 RELEASE=5.0.3 OEM=psk-loaded SEED=$(test_seed) IMAGE=test-5.0.3-psk-loaded image; \
	for machine in 5.0.2-intel 5.0.3-psk-loaded; do \
		$(MAKE) $(native) BOARD=mps2-an385 TLS=1 MANAGE=1 BENCH=1 RELEASE=$${machine%%-*} OEM=$${machine#*-} \
			SEED=$(test_seed) IMAGE=bench-$$machine image; \
	done
