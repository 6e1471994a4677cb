// Set-up of the tests, which run from the sources: src/engine/binary.ts is made where it is missing or old.
export { ensureEngine as setup } from "./build-engine.mjs";
