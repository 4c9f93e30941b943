/* global WebAssembly */
// Runs the oracle's WebAssembly with this process's standard streams: node --no-warnings run-wasm.mjs <file>
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const wasi = new WASI({ version: 'preview1', args: ['kubernetes-oracle'], returnOnExit: true });
const module = await WebAssembly.compile(readFileSync(process.argv[2]));
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
process.exitCode = wasi.start(instance);
