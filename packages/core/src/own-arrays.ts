// Typed arrays over memory of their own, as results are: generic from TypeScript 5.7 on, plain before it.
// Published types must not say `Float32Array<ArrayBuffer>`, which TypeScript 5.6 takes for an error, and so for `any`.

/** `Float32Array<ArrayBuffer>`; before TypeScript 5.7 `Float32Array`. */
export type OwnFloat32Array = ReturnType<typeof Float32Array.of>;

/** `Int32Array<ArrayBuffer>`; before TypeScript 5.7 `Int32Array`. */
export type OwnInt32Array = ReturnType<typeof Int32Array.of>;

/** `Uint32Array<ArrayBuffer>`; before TypeScript 5.7 `Uint32Array`. */
export type OwnUint32Array = ReturnType<typeof Uint32Array.of>;

/** `Uint8Array<ArrayBuffer>`; before TypeScript 5.7 `Uint8Array`. */
export type OwnUint8Array = ReturnType<typeof Uint8Array.of>;

/** `BigInt64Array<ArrayBuffer>`; before TypeScript 5.7 `BigInt64Array`. */
export type OwnBigInt64Array = ReturnType<typeof BigInt64Array.of>;
