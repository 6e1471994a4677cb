/** Both binaries. */
export interface Binaries {
  readonly plain: Uint8Array;
  readonly relaxed: Uint8Array;
}

/** Compiles both binaries from assembly/. */
export function compileEngine(): Promise<Binaries>;

/** Makes sure that src/engine/binary.ts is there and belongs to the sources. */
export function ensureEngine(): Promise<void>;

/** The text of engine.sha256 for two binaries. */
export function hashesOf(binaries: Binaries): string;
