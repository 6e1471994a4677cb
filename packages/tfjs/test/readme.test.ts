import { describeReadme } from "@gumbel-tools/test/readme";

const folder = new URL("..", import.meta.url);
describeReadme(folder);
// That of the repository has programs for this package and for one that it depends on.
describeReadme(folder, { readme: new URL("../../../README.md", import.meta.url) });
