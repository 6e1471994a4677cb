// Every sabotaged backend: the faults of all files beside, so that a new file is no list to edit.
import type { Sabotage } from "./sabotage.ts";

declare global {
  interface ImportMeta {
    /** Vite's: the modules that match a pattern. */
    glob<Module>(pattern: string, options: { eager: true }): Record<string, Module>;
  }
}

const files = import.meta.glob<Record<string, readonly Sabotage[]>>("./faults/*.ts", { eager: true });

/** All faults. */
export const faults: readonly Sabotage[] = Object.values(files).flatMap((exports) =>
  Object.values(exports).flat(),
);
