cpu := -mcpu=cortex-m3 -mthumb
port := hal/cortex-m hal/mps2-an385
qemu_machine := mps2-an385
