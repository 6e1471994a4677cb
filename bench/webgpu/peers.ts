// The peers.
import type { Contestant } from "./contestant.ts";

/** All peers. */
export async function peers(): Promise<Contestant[]> {
  return [];
}
