# SPDX-License-Identifier: BSD-3-Clause
# What the Makefile has to know of a board. Copy the folder first: hal/<board>/board.mk.
cpu := -mcpu=cortex-m3 -mthumb
# Its own sources, and those that it shares: hal/cortex-m has start-up, clock, fault report and more.
port := hal/template
