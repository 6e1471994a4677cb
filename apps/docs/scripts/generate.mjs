// Writes the pages that come from the packages: the specification, the benchmarks, the packages' READMEs, the API reference and llms.txt. Run before a build.
import { writeApi } from "./write-api.mjs";
import { writeBenchmarks } from "./write-benchmarks.mjs";
import { writeLlms } from "./write-llms.mjs";
import { writePackages } from "./write-packages.mjs";
import { writeSpecification } from "./write-specification.mjs";

await writeSpecification();
await writeBenchmarks();
await writeApi();
await writePackages();
await writeLlms();
