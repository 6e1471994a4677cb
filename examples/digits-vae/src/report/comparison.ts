// The estimators side by side: held-out bounds with their spread, time, curves.
import type { RunsOfCodes } from "../compare-codes.ts";
import type { Run } from "../train-and-measure.ts";
import { epochChart } from "./charts.ts";

/** A section of the report. */
export function comparisonSection(comparison: readonly RunsOfCodes[]): string {
  const [{ runs }] = comparison;
  const epochs = runs[0].config.epochs;
  const body = comparison
    .map(({ codes, runs }) => {
      const { temperature } = runs[0].config;
      const cooling =
        temperature.from === temperature.to
          ? `${temperature.to}`
          : `${temperature.from} to ${temperature.to}`;
      const bounds = runs.map(({ final }) => final.negativeElbo);
      const cells = [cooling, mean(bounds).toFixed(1), spread(bounds), secondsAnEpoch(runs).toFixed(1)];
      return `<tr><th>${codes}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
    })
    .join("");
  const lines = comparison.map(({ codes, runs }) => ({
    name: codes,
    values: runs[0].epochs.map((_, i) => mean(runs.map((run) => run.epochs[i].heldOut.negativeElbo))),
  }));
  return `<h2>Estimators compared</h2>
<p>Hard codes have no gradient of their own: an estimator stands in for it. Each was trained for ${epochs} ${epochs === 1 ? "epoch" : "epochs"} with ${runs.length} ${runs.length === 1 ? "seed" : "seeds"};
"soft" trains on relaxed codes, whose gradient is exact, and meets hard ones only when it is measured. Differences smaller than the spread of the seeds mean nothing.</p>
<div class="scroll"><table class="scores"><thead><tr><th>codes in training</th><th>temperature</th><th>held-out nats, mean</th><th>lowest to highest</th><th>seconds an epoch</th></tr></thead><tbody>${body}</tbody></table></div>
${epochChart("Negative bound of held-out digits, nats an image, mean of the seeds", lines)}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function spread(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
}

/** The median: whatever else the machine does then and now lengthens some epochs. */
function secondsAnEpoch(runs: readonly Run[]): number {
  const seconds = runs.flatMap(({ epochs }) => epochs.map((epoch) => epoch.seconds)).sort((a, b) => a - b);
  return seconds[Math.floor(seconds.length / 2)];
}
