// Run by Deno: the quick conformance suite on the default export of a module. Prints a line of JSON for each case.
import { formatFailure, runConformance } from "@gumbel/core/conformance";

const { default: target } = await import(Deno.args[0]);
await runConformance(target, {
  quick: true,
  onResult(result) {
    const { id, status, reason } = result;
    console.log(JSON.stringify({ id, status, reason, problem: formatFailure(result) }));
  },
});
// The target may hold workers or a device.
Deno.exit(0);
