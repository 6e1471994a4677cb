// What a worker runs, as text: so there is no file for a bundler to find. It knows no operation; a task tells it which functions of
// the engine to call. Plain JavaScript of a classic script, alike in browsers and in Node's worker threads.

/** What a worker is sent first: the compiled engine. */
export interface Start {
  readonly module: WebAssembly.Module;
}

/** Tasks as a worker gets them. */
export interface Request {
  /** What the tasks work on. Transferred both ways, so that none is made anew. */
  readonly buffer: ArrayBuffer;
  readonly tasks: readonly TaskRequest[];
}

/** A task in a request. Places are bytes of the engine's memory. */
export interface TaskRequest {
  /** Byte of the buffer where the inputs begin, one behind the other, and then the results. */
  readonly start: number;
  readonly inputs: readonly { readonly place: number; readonly length: number }[];
  readonly calls: readonly (readonly [name: string, ...numbers: number[]])[];
  /** Where the results lie. */
  readonly place: number;
  readonly length: number;
}

/** What a worker answers to tasks. */
export interface Response {
  readonly buffer: ArrayBuffer;
  /** Of each task. */
  readonly masses: readonly { readonly top: number; readonly sum: number }[];
}

/** What it answers instead where something is wrong; and `ready` once it is started. */
export interface Failure {
  readonly error: string;
}

/** The script. */
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
    const masses = tasks.map(({ start, inputs, calls, place, length }) => {
      let from = start;
      for (const input of inputs) {
        new Float32Array(memory, input.place, input.length).set(new Float32Array(buffer, from, input.length));
        from += 4 * input.length;
      }
      for (const [name, ...numbers] of calls) engine[name](...numbers);
      new Float32Array(buffer, start, length).set(new Float32Array(memory, place, length));
      const [top] = new Float32Array(memory, engine.RESULT.value, 1);
      const [sum] = new Float64Array(memory, engine.RESULT.value + 8, 1);
      return { top, sum };
    });
    port.postMessage({ buffer, masses }, [buffer]);
  } catch (error) {
    port.postMessage({ error: String(error) });
  }
};
`;
