# SPDX-License-Identifier: BSD-3-Clause
# At its own level of security OpenSSL 3 shows no certificate that is old, and on TLS 1.0 none at all; to be
# sourced by scripts that show some to a device.

# openssl_settings: for this folder and below, with the sections of extensions on standard input. node reads a
# line of its own.
openssl_settings() {
    {
        cat <<'END'
nodejs_conf = all
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = defaults
[defaults]
CipherString = DEFAULT:@SECLEVEL=0
MinProtocol = TLSv1
[req]
distinguished_name = none
[none]
END
        cat
    } >openssl.cnf
    export OPENSSL_CONF=$PWD/openssl.cnf
}
