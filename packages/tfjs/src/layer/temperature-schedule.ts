// How a temperature falls while a model trains. Pure arithmetic and its argument checks.
import { assertTemperature, describe, readOptions } from "@gumbel/core/adapter";

/** `max(minimum, initial·exp(−rate·step))`, as annealed by Jang et al. 2017, section 4. */
export interface TemperatureSchedule {
  /** Temperature of step 0, in [2⁻⁴⁰, 2⁴⁰]. */
  readonly initial: number;
  /** Where it stops falling, in [2⁻⁴⁰, initial]. */
  readonly minimum: number;
  /** Share that is lost at each training step, at least 0. */
  readonly rate: number;
}

/** A schedule of one's own: the temperature at a training step, counted from 0; a number in [2⁻⁴⁰, 2⁴⁰]. */
export type TemperatureOfStep = (step: number) => number;

/** A temperature for ever, one that falls as {@link TemperatureSchedule} says, or one of each step. */
export type LayerTemperature = number | Partial<TemperatureSchedule> | TemperatureOfStep;

/** From 1 down to a half at the faster of the two rates that Jang et al. tried, reached after 6,932 steps. */
const DEFAULT_SCHEDULE: TemperatureSchedule = { initial: 1, minimum: 0.5, rate: 1e-4 };

/**
 * Fills in a schedule; a plain number stays as it is for ever, and a function what it is.
 * @throws TypeError or RangeError for a part that is wrong
 */
export function resolveSchedule(
  temperature: LayerTemperature = DEFAULT_SCHEDULE,
): TemperatureSchedule | TemperatureOfStep {
  if (typeof temperature === "function") return temperature;
  if (typeof temperature === "number") {
    assertTemperature(temperature);
    return { initial: temperature, minimum: temperature, rate: 0 };
  }
  const isPlain =
    typeof temperature === "object" && !Array.isArray(temperature) && !ArrayBuffer.isView(temperature);
  if (!isPlain || temperature === null || "dataSync" in temperature) {
    throw new TypeError(
      `temperature must be a number, a schedule or a function of the step, got ${describe(temperature)}`,
    );
  }
  const names = Object.keys(DEFAULT_SCHEDULE);
  const given = readOptions<Partial<TemperatureSchedule>>("temperature", temperature, names);
  const { initial = DEFAULT_SCHEDULE.initial, rate = DEFAULT_SCHEDULE.rate } = given;
  const { minimum = Math.min(DEFAULT_SCHEDULE.minimum, initial) } = given;
  assertTemperature(initial, false, "temperature.initial");
  assertTemperature(minimum, false, "temperature.minimum");
  if (minimum > initial) {
    throw new RangeError(
      `temperature.minimum must be at most temperature.initial, got ${minimum} and ${initial}`,
    );
  }
  // An infinite one would be NaN at step 0, and null in a saved model.
  if (!(typeof rate === "number" && rate >= 0 && rate < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`temperature.rate must be a finite number of at least 0, got ${describe(rate)}`);
  }
  return { initial, minimum, rate };
}

/**
 * The temperature at a training step, counted from 0.
 * @throws TypeError or RangeError where a function gives none
 */
export function temperatureAt(schedule: TemperatureSchedule | TemperatureOfStep, step: number): number {
  if (typeof schedule === "function") {
    const temperature = schedule(step);
    assertTemperature(temperature, false, `temperature(${step})`);
    return temperature;
  }
  const { initial, minimum, rate } = schedule;
  return Math.max(minimum, initial * Math.exp(-rate * step));
}
