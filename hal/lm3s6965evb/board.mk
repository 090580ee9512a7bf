# SPDX-License-Identifier: BSD-3-Clause
cpu := -mcpu=cortex-m3 -mthumb
port := hal/cortex-m hal/lm3s6965evb
openocd_board := board/ek-lm3s6965.cfg
