# SPDX-License-Identifier: BSD-3-Clause
cpu := -mcpu=cortex-m3 -mthumb
port := hal/cortex-m hal/mps2-an385
flash_hint := OpenOCD does not know it; copy the image to its microSD card and name it in MB/HBI0263?/AN385/images.txt
