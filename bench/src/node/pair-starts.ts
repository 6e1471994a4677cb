// The contestants of one starter, from two checkouts, in one process: what `--against` compares.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Contestant, type Start, startOf } from "../contestant.ts";
import { gpuDevice } from "../gpu.ts";
import { useDawn } from "./use-dawn.ts";

/** Ids begin with the side. `there` is the checkout that is compared with; it starts first. */
export const SIDES = ["there", "here"] as const;

/** Our contestants of a starter, from the two folders of bundles that ../against.ts makes. */
export async function pairStarts([id, gpu, ...folders]: readonly string[]): Promise<Start[]> {
  if (id === "gumbel-webgpu") await useDawn(gpu === "hardware");
  const device = id === "gumbel-webgpu" ? await gpuDevice() : undefined;
  const load = (folder: string, module: string) => import(pathToFileURL(join(folder, module)).href);
  const contestants = async (folder: string): Promise<readonly Contestant[]> => {
    if (device !== undefined) return (await load(folder, "gumbel-webgpu.js")).gumbelWebgpu(device);
    const { nodeStarts } = await load(folder, "starts.js");
    return (nodeStarts as readonly Start[]).find((each) => each.id === id)!.start();
  };
  return SIDES.map((side, i) =>
    startOf(`${side} ${id}`, "wasm", id, async () => {
      const ours = (await contestants(folders[i])).filter((each) => each.id.startsWith("gumbel-"));
      return ours.map((each) => ({ ...each, id: `${side} ${each.id}` }));
    }),
  );
}
