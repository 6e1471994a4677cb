// `pnpm --filter docs run share-picture`: draws the picture that is shown where a page is shared, 600 samples on a simplex beside the name.
import { writeFile } from "node:fs/promises";
import { gumbelSoftmax, key } from "@gumbel/core";
import { ensureChromium } from "@gumbel-tools/chromium";
import { chromium } from "playwright-core";

const PICTURE = new URL("../pages/public/share.png", import.meta.url);
const [WIDTH, HEIGHT] = [1200, 630];
/** Corners of the triangle, in pixels, and their colours in the light scheme. */
const CORNERS = [
  { x: 690, y: 500, colour: "#1d5f8a" },
  { x: 1130, y: 500, colour: "#b3472f" },
  { x: 910, y: 119, colour: "#3d7a3f" },
];

const { data } = gumbelSoftmax(
  { data: [1, 0.5, 0], shape: [3] },
  { key: key(42), temperature: 0.7, sampleShape: [600] },
);
const dots = Array.from({ length: data.length / 3 }, (_, i) => {
  const weights = Array.from(data.slice(3 * i, 3 * i + 3));
  const at = (axis) => weights.reduce((sum, weight, j) => sum + weight * CORNERS[j][axis], 0).toFixed(1);
  const { colour } = CORNERS[weights.indexOf(Math.max(...weights))];
  return `<circle cx="${at("x")}" cy="${at("y")}" r="4" fill="${colour}" opacity="0.55" />`;
});
const page = `<body style="margin:0"><svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" style="background:#fff">
  <polygon points="${CORNERS.map(({ x, y }) => `${x},${y}`).join(" ")}" fill="none" stroke="#3c3c43" stroke-width="2" />
  ${dots.join("")}
  <g font-family="Inter, sans-serif" fill="#3c3c43">
    <text x="80" y="220" font-size="84" font-weight="700" fill="#1d5f8a">gumbel</text>
    <text x="80" y="300" font-size="46" font-weight="600">Discrete sampling</text>
    <text x="80" y="360" font-size="46" font-weight="600">for JavaScript</text>
    <text x="80" y="450" font-size="30" fill="#4a4a52">One key, one sample,</text>
    <text x="80" y="492" font-size="30" fill="#4a4a52">on every backend.</text>
  </g>
</svg></body>`;

const browser = await chromium.launch({ executablePath: ensureChromium() });
try {
  const tab = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
  await tab.setContent(page);
  await writeFile(PICTURE, await tab.screenshot());
} finally {
  await browser.close();
}
