import { describe, expect, it } from "vitest";
import { benchBrowser } from "../../src/browser/index.ts";

const SHORT = { shape: [4, 32], seconds: 0.1 } as const;

describe("benchBrowser", () => {
  it("measures the backends of this browser, with ratios to the first that runs", async () => {
    const steps: string[] = [];
    const backends = ["wasm", "webgpu", "reference"] as const;
    const onProgress = (what: string) => steps.push(what);
    const { baseline, figures } = await benchBrowser({ ...SHORT, backends, onProgress });
    expect(baseline).toBe("wasm");
    expect(figures.map(({ backend }) => backend)).toEqual(backends);
    for (const { failed, wrong, wall } of figures) {
      expect({ failed, wrong }).toEqual({ failed: undefined, wrong: undefined });
      expect(wall![0]).toBeGreaterThan(0);
    }
    expect(figures[0].ratio).toBe(1);
    expect(steps).toEqual(["loading wasm", "loading webgpu", "loading reference", "measuring"]);
  });

  it("gives the reason why a backend has no figures", async () => {
    // The webgpu sampler has no operation `read`; nor has the reference: then nothing is left to be a baseline.
    const backends = ["webgpu", "reference"] as const;
    const { baseline, figures } = await benchBrowser({ ...SHORT, backends, operation: "read" });
    expect(baseline).toBeUndefined();
    expect(figures.map(({ failed }) => failed)).toEqual(["it has no read", "it has no read"]);
  });
});
