" SPDX-License-Identifier: BSD-3-Clause
autocmd BufNewFile,BufRead *.scn setfiletype proviso
