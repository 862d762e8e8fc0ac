// Runs the module at the given path, prints the vectors that failed, and exits with 0 if none did.
import { readFileSync } from "node:fs";

const module = new WebAssembly.Module(readFileSync(process.argv[2]));
const text = (at, length) => new TextDecoder().decode(new Uint8Array(instance.exports.memory.buffer, at, length));
const report = (id, idLength, why, whyLength) => console.log(text(id, idLength), text(why, whyLength));
const instance = new WebAssembly.Instance(module, { env: { report } });

const counts = BigInt.asUintN(64, instance.exports.run());
const passed = counts >> 32n;
const failed = counts & 0xffffffffn;
console.log(`${passed} passed, ${failed} failed`);
process.exit(passed > 0n && failed === 0n ? 0 : 1);
