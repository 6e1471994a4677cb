/** Writes out the blocks labelled `lockstep` in all files, which are given by the names that imports use. */
export function writeOutLockstep(sources: Readonly<Record<string, string>>): Record<string, string>;
