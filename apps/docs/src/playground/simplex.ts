// Draws samples over three categories into a triangle. Knows no page: a canvas, colours and numbers come in.

/** A point of the triangle's plane, in the unit square, y down. */
interface Point {
  readonly x: number;
  readonly y: number;
}

const HEIGHT = Math.sqrt(3) / 2;
/** Corners of categories 0, 1 and 2: left, right, top. */
const CORNERS: readonly Point[] = [
  { x: 0, y: HEIGHT },
  { x: 1, y: HEIGHT },
  { x: 0.5, y: 0 },
];

/** Where barycentric weights (summing to 1) lie. */
function pointOf(weights: ArrayLike<number>): Point {
  const sum = (axis: "x" | "y") => CORNERS.reduce((total, corner, i) => total + weights[i] * corner[axis], 0);
  return { x: sum("x"), y: sum("y") };
}

/** What is drawn. */
export interface SimplexScene {
  /** Rows of three weights. */
  readonly soft: Float32Array;
  readonly hard: ArrayLike<number>;
  readonly showHard: boolean;
  /** Change of the first sample per unit of the steepest step; its length is scaled for the eye. */
  readonly arrow: ArrayLike<number>;
  readonly colours: { readonly line: string; readonly cloud: string; readonly sample: string };
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
  const pad = 16;
  const scale = Math.min(width - 2 * pad, (height - 2 * pad) / HEIGHT);
  const left = (width - scale) / 2;
  const place = ({ x, y }: Point): [number, number] => [left + x * scale, pad + y * scale];

  context.strokeStyle = scene.colours.line;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const corner of CORNERS) context.lineTo(...place(corner));
  context.closePath();
  context.stroke();

  context.fillStyle = scene.colours.cloud;
  context.globalAlpha = 0.28;
  for (let i = 3; i < scene.soft.length; i += 3) {
    const [x, y] = place(pointOf(scene.soft.subarray(i, i + 3)));
    context.fillRect(x - 1.25, y - 1.25, 2.5, 2.5);
  }
  context.globalAlpha = 1;

  const at = place(pointOf(scene.showHard ? scene.hard : scene.soft.subarray(0, 3)));
  drawArrow(context, place(pointOf(scene.soft.subarray(0, 3))), scene.arrow, scale, scene.colours.sample);
  context.fillStyle = scene.colours.sample;
  context.beginPath();
  context.arc(...at, 7, 0, 2 * Math.PI);
  context.fill();
}

function drawArrow(
  context: CanvasRenderingContext2D,
  [x, y]: [number, number],
  change: ArrayLike<number>,
  scale: number,
  colour: string,
): void {
  const direction = pointOf(change);
  const length = Math.hypot(direction.x, direction.y);
  if (length < 1e-6) return;
  // A quarter of the triangle at most, so that the arrow of a low temperature stays in sight.
  const shown = (Math.min(length, 0.25) / length) * scale;
  const [dx, dy] = [direction.x * shown, direction.y * shown];
  const angle = Math.atan2(dy, dx);
  context.strokeStyle = colour;
  context.lineWidth = 2.5;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + dx, y + dy);
  for (const turn of [-2.6, 2.6]) {
    context.moveTo(x + dx, y + dy);
    context.lineTo(x + dx + 9 * Math.cos(angle + turn), y + dy + 9 * Math.sin(angle + turn));
  }
  context.stroke();
}
