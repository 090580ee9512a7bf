// SPDX-License-Identifier: BSD-3-Clause
// MeshCentral's WS-Man library, as it is, walks a device with a pre-shared key through its set-up.
// usage: node psk.js MODULES HOST PID PPS PASSWORD NEW-PASSWORD [TLS]
//   PASSWORD is what the user admin has now; TLS is the version to speak, TLSv1 unless given.
// usage: node psk.js MODULES HOST - - PASSWORD -
//   The same library without TLS reads a device that is set up.
// Says each operation with its HTTP status, and its ReturnValue where it has one.
'use strict';
const net = require('net'), tls = require('tls'), path = require('path'), crypto = require('crypto');

const [modules, host, pid, pps, password, newPassword, version = 'TLSv1'] = process.argv.slice(2);
const module_ = (name) => require(path.join(modules, 'amt', name));
const keyed = pid !== '-';

// What the library takes for a tunnel: it hands over a socket, and tells of its state and its data.
function channel() {
    const it = { close: () => socket.end(), write: (data) => socket.write(data) };
    const socket = keyed ? tls.connect({
        host, port: 16993, minVersion: version, maxVersion: version, ciphers: 'PSK-AES128-CBC-SHA:@SECLEVEL=0',
        pskCallback: () => ({ psk: Buffer.from(pps), identity: pid }), checkServerIdentity: () => undefined,
    }) : net.connect(16992, host);
    socket.on(keyed ? 'secureConnect' : 'connect', () => it.onStateChange(it, 2));
    socket.on('data', (data) => it.onData(it, data.toString('binary')));
    socket.on('error', (error) => console.log(`connection: ${error.message.trim().split(':').pop()}`));
    socket.on('close', () => it.onStateChange(it, 0));
    return it;
}

const comm = module_('amt-wsman-comm.js')(host, keyed ? 16993 : 16992, 'admin', password, 0, null,
    { SetupChannel: channel });
const amt = module_('amt.js')(module_('amt-wsman.js')(comm));

// Each resolves to what the device answered.
const answered = (name, start) => new Promise((resolve) => start((stack, what, response, status) => {
    const value = response && response.Body && response.Body.ReturnValue;
    console.log(`${name}: ${status}${value === undefined ? '' : `, ReturnValue ${value}`}`);
    resolve(response);
}));
const get = (name) => answered(`Get ${name}`, (done) => amt.Get(name, done));
const list = (name) => answered(`Enumerate ${name}`, (done) => amt.Enum(name, done));
const call = (service, method, ...args) =>
    answered(method, (done) => amt[`AMT_${service}_${method}`](...args, done));

(async () => {
    const general = await get('AMT_GeneralSettings');
    if (keyed && general.Body) {
        const hash = crypto.createHash('md5').update(`admin:${general.Body.DigestRealm}:${newPassword}`)
            .digest('hex');
        await list('CIM_SoftwareIdentity');
        await get('AMT_SetupAndConfigurationService');
        await call('SetupAndConfigurationService', 'SetMEBxPassword', newPassword);
        await call('AuthorizationService', 'SetAdminAclEntryEx', 'admin', hash);
        const { Ta0 } = (await call('TimeSynchronizationService', 'GetLowAccuracyTimeSynch')).Body;
        const now = Math.round(Date.now() / 1000);
        await call('TimeSynchronizationService', 'SetHighAccuracyTimeSynch', Ta0, now, now);
        // TLS is on, and there is no certificate.
        await call('SetupAndConfigurationService', 'CommitChanges', null);
        for (const settings of await list('AMT_TLSSettingData')) {
            if (!settings.InstanceID.includes('802.3')) continue;
            settings.Enabled = false;
            await answered('Put AMT_TLSSettingData', (done) =>
                amt.Put('AMT_TLSSettingData', settings, done, 0, 1, settings));
        }
        await call('SetupAndConfigurationService', 'CommitChanges', null);
    }
    process.exit(0);
})();
