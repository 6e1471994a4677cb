// Defines `navigator.gpu` over Dawn for the programs of the guides in Node. For `node --import`.
import { useSwiftshader } from "@gumbel-tools/chromium";
import { create, globals } from "webgpu";

useSwiftshader();
Object.assign(globalThis, globals);
Object.defineProperty(globalThis, "navigator", { value: { gpu: create([]) }, configurable: true });
