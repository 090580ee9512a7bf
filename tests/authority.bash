# SPDX-License-Identifier: BSD-3-Clause
# What scripts share that show certificates to a device; to be sourced in a folder of their own, with USBKEY
# and PROVISO set.

source "$(dirname "${BASH_SOURCE[0]}")/openssl.bash"
openssl_settings <<'END'
[root]
basicConstraints = critical,CA:TRUE
[ca]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:http://crl.authority.example/class3-g5.crl
authorityInfoAccess = OCSP;URI:http://ocsp.authority.example
certificatePolicies = 2.16.840.1.113733.1.7.23.3
[server]
basicConstraints = CA:FALSE
keyUsage = digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth,clientAuth,2.16.840.1.113741.1.2.3
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:http://class3-g3-crl.authority.example/class3-g3.crl
authorityInfoAccess = OCSP;URI:http://ocsp.authority.example,caIssuers;URI:http://class3-g3-aia.authority.example/class3-g3.cer
certificatePolicies = 2.16.840.1.113733.1.7.23.3
subjectAltName = DNS:provisioning-server-01.management.site1.example,DNS:provisioningserver.site1.example,DNS:sca.site1.example
END

# root_certificate SUBJECT, certificate NAME ISSUER SUBJECT EXTENSIONS: NAME.pem, all with the key in the file
# key
root_certificate() {
    openssl req -x509 -new -key key -subj "$1" -days 3000 -sha256 -extensions root -out root.pem
}
certificate() {
    openssl req -new -key key -subj "$3" -out request &&
        openssl x509 -req -in request -CA "$2.pem" -CAkey key -set_serial 0x112233445566778899aabbccddeeff00 \
            -days 3000 -sha256 -extfile "$OPENSSL_CONF" -extensions "$4" -out "$1.pem"
}

# authority BITS: in a folder of that name what a server shows that has bought a certificate for
# sca.site1.example, three in all, as long as such are, with a key of so many bits; and a USB key that tells a
# device the root's hash
authority() (
    mkdir "$1" && cd "$1" || exit
    org='/C=US/O=Authority, Inc./OU=Authority Trust Network/OU=(c) 2006 Authority, Inc. - For authorized use only'
    corp='/C=US/ST=California/L=Santa Clara/O=Example Corporation International Limited'
    openssl genrsa -out key "$1" &&
        root_certificate "$org/CN=Authority Class 3 Public Primary Certification Authority - G5" &&
        certificate middle root "$org/CN=Authority Class 3 Secure Server Certification Authority - G3" ca &&
        certificate leaf middle "$corp/OU=Information Technology Client Management/OU=Intel(R) Client Setup Certificate/CN=sca.site1.example" server &&
        cat middle.pem root.pem >chain || exit
    hash=$(openssl x509 -in root.pem -outform der | openssl dgst -sha1 -r) &&
        "$USBKEY" make setup.bin --format 2.1 --new-password 'Passw0rd!' --hash "sha1:${hash%% *}:Authority"
)

# trusting RELEASE BITS: the file state is that of a device that knows this root
trusting() {
    rm -f state
    "$PROVISO" mebx --release "$1" --state state --usb "$2/setup.bin" </dev/null
}
