" SPDX-License-Identifier: BSD-3-Clause
" Vim syntax file of the scenario language (sim/scenarios/GRAMMAR.md). tests/unit/sim/test_grammar.c holds it to the words
" that the reader knows. What is no word of the language stands out by having no colour.

if exists('b:current_syntax')
  finish
endif

syntax case match
syntax iskeyword @,48-57,_,45

" The word that a line begins with, behind its time.
syntax keyword provisoAction device start pc judges lan dns firewall sca console
syntax keyword provisoAction ac power mains bios upgrade cmos link os host press agent unprovision mebx usb probe mark
syntax keyword provisoExpect expect refused
syntax keyword provisoTime at end repeat every for
syntax keyword provisoWhen when

" device, start, pc
syntax keyword provisoWord oem-bmp oem oem-domain localized-bios blind-to-dhcp schedule A B certificate-after intel unprovision-to
syntax keyword provisoWord factory provisioned none off on stays-off nothing
" the network
syntax keyword provisoWord option15 dhcp nak slow lease pool rogue-dhcp spoof ack cname remove silent
syntax keyword provisoWord listen refuse filter hang reset closes-first provision soap wsman ask clock
syntax keyword provisoWord certificate psk device-certificate password admin-password mebx-password host-name domain-name
syntax keyword provisoWord idle stop-before disconnect-after reset-at without
" the machine and MEBx
syntax keyword provisoWord s0 s3 s5 amt out in down up renew partial full again flip truncate
syntax keyword provisoWord -discovery -activate -otp -dns
syntax keyword provisoWord rcfg hash suffix fqdn mode enterprise smb address keys server domain manual add
" a console, the machine's screen and serial line
syntax keyword provisoWord use tls power cycle boot pxe disk cd diagnostics setup pause sol as read log redirection user
syntax keyword provisoWord administration remote-control hardware event-log event-manager audit-log general-info network-time users
syntax keyword provisoWord type close serial screen call value connecting busy ended done
" expectations
syntax keyword provisoWord state status window open closed left line lines hello count retry times bytes from to source-port
syntax keyword provisoWord frames me any arp tcp syn fin rst query option text data-segments trace
syntax keyword provisoWord connections log logs operation http stage old-credentials order accepted failed
syntax keyword provisoWord pid tls-mode pki amthi Completed xx

syntax match provisoNumber '\<\d\+\>'
syntax match provisoNumber '\<\(\d\+\(h\|ms\|m\|s\)\)\+\>'
syntax match provisoRelease '\<\d\+\(\.\d\+\)\{1,2}\>'
syntax match provisoAddress '\<\d\+\.\d\+\.\d\+\.\d\+\>'
syntax match provisoOperator '\(==\|!=\|<=\|>=\|<\|>\)'
syntax match provisoStatus '\<PT_STATUS_[A-Z_]\+\>'
syntax match provisoComment '#.*$'
" Texts, among them the states "Not started" and "In process".
syntax region provisoText start='"' end='"' oneline

highlight default link provisoAction Statement
highlight default link provisoExpect Conditional
highlight default link provisoTime Label
highlight default link provisoWhen PreProc
highlight default link provisoWord Identifier
highlight default link provisoNumber Number
highlight default link provisoRelease Constant
highlight default link provisoAddress Number
highlight default link provisoOperator Operator
highlight default link provisoStatus Constant
highlight default link provisoComment Comment
highlight default link provisoText String

let b:current_syntax = 'proviso'
