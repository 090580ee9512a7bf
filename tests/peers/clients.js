// SPDX-License-Identifier: BSD-3-Clause
// MeshCentral's WS-Man library, as it is, reads a device over connections of its own.
// usage: node clients.js LIBRARY HOST PORT PASSWORD
//   LIBRARY is the folder with amt.js; the port tells whether it speaks TLS; the user is admin.
// Says what it asked and the HTTP status, then the version of the server's header.
'use strict';
const path = require('path');

const [library, host, port, password] = process.argv.slice(2);
const module_ = (name) => require(path.join(library, name));
const comm = module_('amt-wsman-comm.js')(host, +port, 'admin', password, port === '16993' ? 1 : 0);
comm.xtlsFingerprint = 0; // any certificate
const amt = module_('amt.js')(module_('amt-wsman.js')(comm));
const answered = (name, start) => new Promise((resolve) => start((stack, what, response, status) => {
    console.log(`${name}: ${status}`);
    resolve();
}));

(async () => {
    await answered('Get', (done) => amt.Get('AMT_GeneralSettings', done));
    await answered('Enumerate', (done) => amt.Enum('CIM_SoftwareIdentity', done));
    console.log(`version ${comm.amtVersion}`);
    process.exit(0);
})();
