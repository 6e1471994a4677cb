// What can go wrong with a device, as errors that say what to do.

/** Thrown, or rejected with, once the device is lost. A new device and a new sampler are needed. */
export class DeviceLostError extends Error {
  /** Its class, which survives what minifiers do to names. */
  override readonly name = "DeviceLostError";
  /** @param reason `GPUDeviceLostInfo.reason`: "destroyed" when the program destroyed the device itself */
  constructor(
    readonly reason: string,
    message: string,
  ) {
    const detail = message === "" ? "" : `: ${message}`;
    super(
      `the GPU device was lost (${reason || "unknown reason"})${detail}; create a new device and a new sampler`,
    );
  }
}

/** Thrown when no device can be had. */
export class NoDeviceError extends Error {
  /** Its class, which survives what minifiers do to names. */
  override readonly name = "NoDeviceError";
}
