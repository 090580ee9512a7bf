// SPDX-License-Identifier: BSD-3-Clause
// Makes MeshCmd for this machine as MeshCentral's server does it: the agent's program, and behind it the script with
// its modules, their length and the number by which the agent finds them. Which of a package's two forms of them,
// plain or minified, its files say.
// usage: node meshcmd.js AGENTS-FOLDER OUT
'use strict';
const fs = require('fs'), path = require('path');

const [folder, out] = process.argv.slice(2);
const [modules, end] = [['modules_meshcmd', '.js'], ['modules_meshcmd_min', '.min.js']]
    .find(([name]) => fs.existsSync(path.join(folder, name)));
const added = fs.readdirSync(path.join(folder, modules)).filter((name) => name.endsWith(end)).map((name) => {
    const text = fs.readFileSync(path.join(folder, modules, name)).toString('base64');
    return `try { addModule("${name.slice(0, -end.length)}", Buffer.from("${text}", "base64").toString()); } catch (e) { }\n`;
});
const script = Buffer.concat([Buffer.from(added.join('')), fs.readFileSync(path.join(folder, `meshcmd${end}`))]);
const length = Buffer.alloc(4);
length.writeUInt32BE(script.length);
fs.writeFileSync(out, Buffer.concat([fs.readFileSync(path.join(folder, 'meshagent_x86-64')), script, length,
    Buffer.from('B996015880544A19B7F7E9BE44914C18', 'hex')]), { mode: 0o755 });
