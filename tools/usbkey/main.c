// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <string.h>

#include "tools/secret.h"
#include "tools/usbkey/tool.h"
#include "tools/version.h"

static const char help_text[] =
    "usage: usbkey make OUT --format F --new-password-file FILE [option...]\n"
    "       usbkey show FILE [--secrets]\n"
    "       usbkey check FILE --release R [--oem NAME] [--state STATE] [--password-changed]\n"
    "       usbkey --help | --version\n"
    "\n"
    "make writes a setup.bin for USB one-touch set-up:\n"
    "  --format F              1, 2.0, 2.1 or 3.0\n"
    "  --records N             N records with the same values (default 1)\n"
    "  --pairs FILE            one record for each line \"PID,PPS\" of FILE, - = standard input\n"
    "  --no-consume            records are not used up: the file serves any number of machines\n"
    "  --scramble, --plain     how records are written (default plain)\n"
    "  --password-file FILE    current MEBx password (default admin)\n"
    "  --new-password-file FILE\n"
    "                          8 to 32 characters, with lower, upper, digit and special\n"
    "  --pid P --pps-file FILE pre-shared key, with or without dashes\n"
    "Each of these files holds the secret as its only line; - reads the next line of standard\n"
    "input. --password OLD, --new-password NEW and --pps S take the value itself, which other\n"
    "users can see in the process list.\n"
    "with format 2.0 and later:\n"
    "  --manageability none|amt\n"
    "  --suffix NAME           PKI DNS suffix\n"
    "  --fqdn NAME             configuration server\n"
    "  --rcfg on|off           remote configuration\n"
    "  --builtin-hashes on|off\n"
    "  --user-hashes disable|enable|delete   (default enable with --hash)\n"
    "  --hash ALG:HEX:NAME     at most three; sha1, with format 3.0 sha256 and sha384\n"
    "  --redirection LIST      none, or some of sol,ider,user\n"
    "with format 2.1 and later:\n"
    "  --power-package TEXT    as \"Desktop: ON in S0, S3\"\n"
    "  --idle-timeout MINUTES\n"
    "  --host NAME, --domain NAME\n"
    "  --dhcp on|off\n"
    "  --address IP,MASK,GATEWAY,DNS1,DNS2\n"
    "  --server IP[:PORT]      configuration server\n"
    "  --mode enterprise|smb\n"
    "  --password-policy default-only|during-setup|anytime\n"
    "\n"
    "show prints every entry, with secrets as asterisks unless --secrets is given.\n"
    "check runs the firmware's own reader and prints what a new device would do with the key:\n"
    "  --release R, --oem NAME   as in \"proviso releases\" (default oem: intel)\n"
    "  --state STATE             factory (default), setup or provisioned\n"
    "  --password-changed        the MEBx password is no longer admin\n"
    "\n"
    "exit status: 0 done, 1 the device would refuse the key, 2 bad usage or unreadable file\n";

int main(int argc, char **argv)
{
    int status;

    secret_keep();
    if (argc < 2)
        return tool_error("make, show or check is required; see usbkey --help");
    if (strcmp(argv[1], "--help") == 0)
        status = fputs(help_text, stdout) < 0 ? TOOL_USAGE : TOOL_OK;
    else if (strcmp(argv[1], "--version") == 0)
        status = puts("usbkey " PROVISO_VERSION) < 0 ? TOOL_USAGE : TOOL_OK;
    else if (strcmp(argv[1], "make") == 0)
        status = cmd_make(argc - 1, argv + 1);
    else if (strcmp(argv[1], "show") == 0)
        status = cmd_show(argc - 1, argv + 1);
    else if (strcmp(argv[1], "check") == 0)
        status = cmd_check(argc - 1, argv + 1);
    else
        return tool_error("unknown command \"%s\"; expected make, show or check", argv[1]);
    if (fflush(stdout) != 0 || ferror(stdout))
        return tool_error("cannot write to standard output");
    return status;
}
