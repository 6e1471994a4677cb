// The program of a worker, as text, so that bundlers need to find no file. It knows no operation: a task lists the functions of the
// engine to call. Plain JavaScript that runs as a module in browsers and Deno, and as a script in Node's threads.
import type { Scalars } from "../engine/kernel.ts";

/** The first message to a worker: the compiled engine. */
export interface Start {
  readonly module: WebAssembly.Module;
}

/** The other messages: tasks. */
export interface Request {
  /** Inputs, and then results. Transferred both ways, so that it is allocated once. */
  readonly buffer: ArrayBuffer;
  readonly tasks: readonly TaskRequest[];
}

/** A task in a request. Addresses are bytes of the engine's memory. */
export interface TaskRequest {
  /** Byte of the buffer where the inputs begin, one after another, and later the results. */
  readonly start: number;
  readonly inputs: readonly { readonly address: number; readonly length: number }[];
  readonly calls: readonly (readonly [name: string, ...numbers: number[]])[];
  /** Bytes of memory that it needs. */
  readonly bytes: number;
  /** Address of the results. */
  readonly address: number;
  readonly length: number;
}

/** A worker's answer to a request. */
export interface Response {
  readonly buffer: ArrayBuffer;
  /** Of each task. */
  readonly scalars: readonly Scalars[];
}

/** Its answer to a message that failed. */
export interface Failure {
  readonly error: string;
}

/** The program. */
export const WORKER_SOURCE = `
const port = typeof require === "function" ? require("node:worker_threads").parentPort : self;
let engine, memory;
port.onmessage = async ({ data }) => {
  try {
    if (data.module) {
      engine = (await WebAssembly.instantiate(data.module, {})).exports;
      memory = engine.memory.buffer;
      port.postMessage({ ready: true });
      return;
    }
    const { buffer, tasks } = data;
    const scalars = tasks.map(({ start, inputs, calls, bytes, address, length }) => {
      if (bytes > memory.byteLength) {
        engine.memory.grow(Math.ceil((bytes - memory.byteLength) / 65536));
        memory = engine.memory.buffer;
      }
      let from = start;
      for (const input of inputs) {
        new Float32Array(memory, input.address, input.length).set(new Float32Array(buffer, from, input.length));
        from += 4 * input.length;
      }
      for (const [name, ...numbers] of calls) engine[name](...numbers);
      new Float32Array(buffer, start, length).set(new Float32Array(memory, address, length));
      const result = engine.RESULT.value;
      return [...new Float32Array(memory, result, 2), ...new Float64Array(memory, result + 8, 1)];
    });
    port.postMessage({ buffer, scalars }, [buffer]);
  } catch (error) {
    port.postMessage({ error: String(error) });
  }
};
`;
