// What a worker runs, as text: so there is no file for a bundler to find. It knows no operation; a task tells it which functions of
// the engine to call. Plain JavaScript of a classic script, alike in browsers and in Node's worker threads.

/** What a worker is sent first: the compiled engine. */
export interface Start {
  readonly module: WebAssembly.Module;
}

/** A task as a worker gets it: inputs of the buffers, calls, and where the results lie. Places are in bytes. */
export interface Request {
  readonly inputs: readonly { readonly place: number; readonly values: Float32Array }[];
  readonly calls: readonly (readonly [name: string, ...numbers: number[]])[];
  readonly place: number;
  readonly length: number;
}

/** What a worker answers to a task. */
export interface Response {
  readonly results: Float32Array<ArrayBuffer>;
  readonly top: number;
  readonly sum: number;
}

/** What it answers instead where something is wrong; and `ready` once it is started. */
export interface Failure {
  readonly error: string;
}

/** The script. */
export const WORKER_SOURCE = `
const port = typeof require === "function" ? require("node:worker_threads").parentPort : self;
let engine, buffer;
port.onmessage = async ({ data }) => {
  try {
    if (data.module) {
      engine = (await WebAssembly.instantiate(data.module, {})).exports;
      buffer = engine.memory.buffer;
      port.postMessage({ ready: true });
      return;
    }
    for (const { place, values } of data.inputs) new Float32Array(buffer, place, values.length).set(values);
    for (const [name, ...numbers] of data.calls) engine[name](...numbers);
    const results = new Float32Array(buffer, data.place, data.length).slice();
    const place = engine.RESULT.value;
    const [top] = new Float32Array(buffer, place, 1);
    const [sum] = new Float64Array(buffer, place + 8, 1);
    port.postMessage({ results, top, sum }, [results.buffer]);
  } catch (error) {
    port.postMessage({ error: String(error) });
  }
};
`;
