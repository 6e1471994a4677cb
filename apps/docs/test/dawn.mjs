// Gives a Node program that a guide prints the `navigator.gpu` of a browser, over Dawn. For `node --import`.
import { useSwiftshader } from "@gumbel-tools/chromium";
import { create, globals } from "webgpu";

useSwiftshader();
Object.assign(globalThis, globals);
Object.defineProperty(globalThis, "navigator", { value: { gpu: create([]) }, configurable: true });
