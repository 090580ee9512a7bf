// SPDX-License-Identifier: BSD-3-Clause
// Makes MeshCmd for this machine as MeshCentral's server does it: the agent's program, and behind it the script with
// its modules, their length and the number by which the agent finds them.
// usage: node meshcmd.js AGENTS-FOLDER OUT
'use strict';
const fs = require('fs'), path = require('path');

const [folder, out] = process.argv.slice(2);
const modules = path.join(folder, 'modules_meshcmd');
const added = fs.readdirSync(modules).filter((name) => name.endsWith('.js')).map((name) => {
    const text = fs.readFileSync(path.join(modules, name)).toString('base64');
    return `try { addModule("${name.slice(0, -3)}", Buffer.from("${text}", "base64").toString()); } catch (e) { }\n`;
});
const script = Buffer.concat([Buffer.from(added.join('')), fs.readFileSync(path.join(folder, 'meshcmd.js'))]);
const length = Buffer.alloc(4);
length.writeUInt32BE(script.length);
fs.writeFileSync(out, Buffer.concat([fs.readFileSync(path.join(folder, 'meshagent_x86-64')), script, length,
    Buffer.from('B996015880544A19B7F7E9BE44914C18', 'hex')]), { mode: 0o755 });
