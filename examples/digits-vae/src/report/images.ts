// Images as HTML.
import { encode } from "fast-png";
import { PIXELS, SIDE } from "../data.ts";

/** Images, one after the other, as `<img>` elements with their data inside; ink is dark. */
export function imageElements(pixels: Float32Array, description: string): string[] {
  return Array.from({ length: pixels.length / PIXELS }, (_, i) => {
    const ink = pixels.subarray(i * PIXELS, (i + 1) * PIXELS);
    const data = Uint8Array.from(ink, (value) => Math.round(255 * (1 - value)));
    const png = encode({ width: SIDE, height: SIDE, data, depth: 8, channels: 1 });
    return `<img alt="${description} ${i + 1}" src="data:image/png;base64,${Buffer.from(png).toString("base64")}">`;
  });
}
