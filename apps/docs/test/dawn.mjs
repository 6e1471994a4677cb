// Gives a Node program that a guide prints the `navigator.gpu` of a browser, over Dawn. For `node --import`.
import { swiftshaderEnv } from "@gumbel-tools/chromium";
import { create, globals } from "webgpu";

Object.assign(process.env, swiftshaderEnv());
Object.assign(globalThis, globals);
Object.defineProperty(globalThis, "navigator", { value: { gpu: create([]) }, configurable: true });
