// SPDX-License-Identifier: BSD-3-Clause
// Puts MeshCmd together as MeshCentral does for who downloads it: its agent with the command's script behind it.
// usage: node meshcmd.js MESHCENTRAL OUT
const fs = require('fs');
const [folder, out] = process.argv.slice(2);
const modules = `${folder}/agents/modules_meshcmd_min`;

const script = ['var addedModules = [];\r\n'];
for (const file of fs.readdirSync(modules)) {
    const name = file.replace(/\.min\.js$/, '');
    const text = JSON.stringify(fs.readFileSync(`${modules}/${file}`).toString('binary')).replace(/'/g, "\\'");
    script.push(`try { addModule("${name}", ${text}); addedModules.push("${name}"); } catch (e) { }\r\n`);
}
script.push(fs.readFileSync(`${folder}/agents/meshcmd.min.js`));
require(`${folder}/exeHandler.js`).streamExeWithJavaScript({
    platform: 'linux',
    sourceFileName: `${folder}/agents/meshagent_x86-64`,
    destinationStream: fs.createWriteStream(out, { mode: 0o755 }),
    js: Buffer.from(script.join('')),
});
