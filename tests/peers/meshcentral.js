// SPDX-License-Identifier: BSD-3-Clause
// MeshCentral's provisioning server and its manager of activated devices, alone: the modules as they are,
// around them what the whole server would give them.
// usage: node meshcentral.js MODULES DATA-FOLDER OPTIONS
//   OPTIONS is JSON: fqdn (the domain that devices trust), ip, mebx, password (of the device group), and tls
//   ("TLSv1": speak no newer one).
// Says on standard output what MeshCentral would in its debug output, and each connection's version of TLS. In
// the data folder are root.pem with root.key, MeshCentral's own, and chain0.pem, chain1.pem..., a configured
// chain of certificates, with leaf.key; there it leaves amtactivation.log and db.json.
'use strict';
const fs = require('fs'), path = require('path'), crypto = require('crypto'), tls = require('tls');

const [modules, datapath, options] = process.argv.slice(2);
const { fqdn, ip, mebx, password, tls: newest } = JSON.parse(options);
const module_ = (name) => require(path.join(modules, name));
const file = (name) => path.join(datapath, name);
const text = (name) => fs.readFileSync(file(name), 'utf8');
const say = (...what) => console.log(what.join(': '));
if (newest) [tls.DEFAULT_MIN_VERSION, tls.DEFAULT_MAX_VERSION] = ['TLSv1', newest];
const { connect } = tls;
tls.connect = (...how) => {
    const socket = connect(...how);
    return socket.on('secureConnect', () => say('tls', socket.getProtocol()));
};

const common = module_('common.js');
const group = 'mesh//devices';
const domain = {
    id: '', title: 'MeshCentral', amtmanager: {},
    amtacmactivation: {
        certs: {
            test: { certfiles: fs.readdirSync(datapath).filter((f) => /^chain\d\.pem$/.test(f)), keyfile: 'leaf.key' },
        },
    },
};
const nodes = {};
const parent = {
    path, fs, crypto, datapath, common, amtPasswords: {}, args: {}, amtScanner: null, mpsserver: null,
    certificates: { root: { cert: text('root.pem'), key: text('root.key') } },
    config: { settings: {}, domains: { '': domain } },
    taskLimiter: common.createTaskLimiterQueue(50, 20, 60),
    debug: (source, ...what) => say(source, ...what),
    addServerWarning: (what) => say('warning', what),
    getConfigFilePath: file,
    AddEventDispatch: () => { },
    DispatchEvent: (ids, source, event) => say('event', event.action),
    SetConnectivityState: (mesh, node, time, type, power) => say('connectivity', type, power),
    GetConnectivityState: () => null,
    db: {
        Get: (id, answer) => answer(null, nodes[id] ? [nodes[id]] : []),
        Set: (node) => {
            nodes[node._id] = node;
            fs.writeFileSync(file('db.json'), JSON.stringify(Object.values(nodes)));
        },
    },
};
parent.webserver = {
    certificates: parent.certificates,
    meshes: { [group]: { _id: group, name: 'devices', mtype: 1, domain: '', amt: { type: 3, password } } },
    CreateMeshDispatchTargets: () => [],
    CloneSafeNode: (node) => node,
};
parent.certificateOperations = module_('certoperations.js').CertificateOperations(parent);
parent.certificateOperations.loadIntelAmtAcmCerts(domain.amtacmactivation);
// A configured chain is kept from the leaf to the root, and reversed before it is shown; OpenSSL wants the leaf
// first. For the leaf that MeshCentral issues itself the order is right.
for (const cert of domain.amtacmactivation.certs) if (cert.certs) cert.certs.reverse();
parent.amtManager = module_('amtmanager.js').CreateAmtManager(parent);
if (!module_('amtprovisioningserver.js').CreateAmtProvisioningServer(parent, {
    devicegroup: group, newmebxpassword: mebx, trustedfqdn: fqdn, ip, port: 9971,
})) process.exit(1);
for (const cert of domain.amtacmactivation.certs) say('certificate', cert.cn, cert.sha1);
