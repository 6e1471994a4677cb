// Draws samples over three or more categories as points of a polygon on a canvas. Must not access the page.

/** A point of the plane, y down. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** What is drawn. */
export interface SimplexScene {
  /** One for each category, at its corner. */
  readonly names: readonly string[];
  /** Rows of weights summing to 1, the highlighted sample first; empty before the first draw. */
  readonly soft: Float32Array;
  /** One-hot of the first sample, drawn at its corner and joined with the soft one. */
  readonly hard: ArrayLike<number> | undefined;
  /** Change of the first sample for a unit of one logit. */
  readonly arrow: ArrayLike<number>;
  readonly cloud: "points" | "density";
  readonly colours: { readonly line: string; readonly cloud: string; readonly sample: string };
}

/** Pixels around the polygon, for the names of its corners. */
const PAD = 26;
/** Pixels of a cell of the density, before it is smoothed. */
const CELL = 5;
/** Longest arrow, as a share of the polygon's radius: gradients at low temperatures are longer than the picture. */
const LONGEST_ARROW = 0.45;

/** Corners of a regular polygon of radius 1 with a horizontal base: category 0 at its left end, 1 at its right end. */
function cornersOf(count: number): Point[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = Math.PI / 2 + Math.PI / count - (2 * Math.PI * i) / count;
    return { x: Math.cos(angle), y: Math.sin(angle) };
  });
}

/** Weighted mean of the corners. With three corners a point determines its weights; with more it is a projection. */
function pointOf(corners: readonly Point[], weights: ArrayLike<number>): Point {
  let x = 0;
  let y = 0;
  for (const [i, corner] of corners.entries()) {
    x += weights[i] * corner.x;
    y += weights[i] * corner.y;
  }
  return { x, y };
}

/** Coordinates of all samples but the first, x and y alternating: no objects, because there are tens of thousands in every frame. */
function cloudOf(places: readonly Point[], soft: Float32Array): Float32Array {
  const count = places.length;
  const cloud = new Float32Array(Math.max(0, 2 * (soft.length / count - 1)));
  for (let i = 0; i < cloud.length; i += 2) {
    const row = (i / 2 + 1) * count;
    for (let j = 0; j < count; j++) {
      cloud[i] += soft[row + j] * places[j].x;
      cloud[i + 1] += soft[row + j] * places[j].y;
    }
  }
  return cloud;
}

/** Draws the scene over the whole canvas, at the device's resolution. */
export function drawSimplex(canvas: HTMLCanvasElement, scene: SimplexScene): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);

  const corners = cornersOf(scene.names.length);
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min((width - 2 * PAD) / (right - left), (height - 2 * PAD) / (bottom - top));
  const place = ({ x, y }: Point): Point => ({
    x: width / 2 + (x - (left + right) / 2) * scale,
    y: height / 2 + (y - (top + bottom) / 2) * scale,
  });
  const places = corners.map(place);

  const cloud = cloudOf(places, scene.soft);
  outline(context, places, scene.colours.line);
  if (scene.cloud === "points") drawPoints(context, cloud, scene.colours.cloud);
  else drawDensity(context, cloud, places, width, height, scene.colours.cloud);
  outline(context, places, scene.colours.line);
  drawNames(context, scene.names, corners, places, scene.colours.line);
  if (scene.soft.length === 0) return;

  const at = place(pointOf(corners, scene.soft));
  context.fillStyle = scene.colours.sample;
  context.strokeStyle = scene.colours.sample;
  drawArrow(context, at, pointOf(corners, scene.arrow), scale);
  if (scene.hard === undefined) disc(context, at, 7);
  else {
    const there = place(pointOf(corners, scene.hard));
    context.lineWidth = 1.5;
    context.setLineDash([4, 5]);
    segment(context, at, there);
    context.setLineDash([]);
    context.beginPath();
    context.arc(at.x, at.y, 6, 0, 2 * Math.PI);
    context.stroke();
    disc(context, there, 8);
  }
}

function trace(context: CanvasRenderingContext2D, places: readonly Point[]): void {
  context.beginPath();
  for (const { x, y } of places) context.lineTo(x, y);
  context.closePath();
}

function outline(context: CanvasRenderingContext2D, places: readonly Point[], colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  trace(context, places);
  context.stroke();
}

function drawPoints(context: CanvasRenderingContext2D, cloud: Float32Array, colour: string): void {
  context.fillStyle = colour;
  context.globalAlpha = 0.3;
  for (let i = 0; i < cloud.length; i += 2) context.fillRect(cloud[i] - 1.25, cloud[i + 1] - 1.25, 2.5, 2.5);
  context.globalAlpha = 1;
}

/** Counts samples in cells and shades by the logarithm, because at a low temperature nearly all samples are at the corners. */
function drawDensity(
  context: CanvasRenderingContext2D,
  cloud: Float32Array,
  places: readonly Point[],
  width: number,
  height: number,
  colour: string,
): void {
  const [columns, rows] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
  const counts = new Float32Array(columns * rows);
  for (let i = 0; i < cloud.length; i += 2) {
    counts[Math.floor(cloud[i + 1] / CELL) * columns + Math.floor(cloud[i] / CELL)]++;
  }
  const most = Math.log1p(counts.reduce((a, b) => Math.max(a, b), 0));
  if (most === 0) return;
  const small = new OffscreenCanvas(columns, rows);
  const brush = small.getContext("2d");
  if (brush === null) return;
  brush.fillStyle = colour;
  for (const [i, count] of counts.entries()) {
    if (count === 0) continue;
    brush.globalAlpha = 0.08 + (0.92 * Math.log1p(count)) / most;
    brush.fillRect(i % columns, Math.floor(i / columns), 1, 1);
  }
  context.save();
  trace(context, places);
  context.clip();
  context.drawImage(small, 0, 0, columns * CELL, rows * CELL);
  context.restore();
}

function drawNames(
  context: CanvasRenderingContext2D,
  names: readonly string[],
  corners: readonly Point[],
  places: readonly Point[],
  colour: string,
): void {
  context.fillStyle = colour;
  context.font = "600 16px sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const [i, { x, y }] of places.entries()) {
    context.fillText(names[i], x + 15 * corners[i].x, y + 15 * corners[i].y);
  }
}

function drawArrow(context: CanvasRenderingContext2D, at: Point, change: Point, scale: number): void {
  const length = Math.hypot(change.x, change.y);
  if (!(length > 1e-6)) return;
  const shown = (Math.min(length, LONGEST_ARROW) / length) * scale;
  const tip = { x: at.x + change.x * shown, y: at.y + change.y * shown };
  const angle = Math.atan2(change.y, change.x);
  context.lineWidth = 2.5;
  segment(context, at, tip);
  for (const turn of [-2.6, 2.6]) {
    segment(context, tip, { x: tip.x + 9 * Math.cos(angle + turn), y: tip.y + 9 * Math.sin(angle + turn) });
  }
}

function segment(context: CanvasRenderingContext2D, from: Point, to: Point): void {
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
}

function disc(context: CanvasRenderingContext2D, { x, y }: Point, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
