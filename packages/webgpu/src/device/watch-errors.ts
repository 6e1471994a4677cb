// Runs commands in private error scopes and returns their errors.

/** The result of watched work, and the errors that WebGPU found in it: null where there are none. */
export interface Watched<Result> {
  readonly result: Result;
  /** Validation errors: a buffer, say, that is destroyed. Rejects when the device is lost. */
  readonly refused: Promise<GPUError | null>;
  /** Memory that could not be had. Rejects when the device is lost. */
  readonly exhausted: Promise<GPUError | null>;
}

/** Does work, which must not wait for anything, under error scopes of its own. */
export function watchErrors<Result>(device: GPUDevice, work: () => Result): Watched<Result> {
  device.pushErrorScope("out-of-memory");
  device.pushErrorScope("validation");
  let result: Result;
  try {
    result = work();
  } catch (error) {
    // Scopes that stayed open would swallow the errors of whoever comes next.
    for (let scope = 0; scope < 2; scope++) device.popErrorScope().catch(() => {});
    throw error;
  }
  return { result, refused: device.popErrorScope(), exhausted: device.popErrorScope() };
}
